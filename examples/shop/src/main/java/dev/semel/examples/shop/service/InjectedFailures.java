package dev.semel.examples.shop.service;

import dev.semel.core.event.EventId;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Handlers that fail for a few per cent of the events. Which ones, and how often, follows from a seed and the event's
 * identity alone, so that a service that is started again fails for the same ones and the final reconciliation knows
 * them too.
 */
public final class InjectedFailures {

    /** How often a handler is attempted in the shop before the event is a dead letter. */
    public static final int ATTEMPTS = 3;

    private static final int NEVER_SUCCEEDS_PER_MILLE = 10;
    private static final int RARELY_PER_MILLE = 1;
    private static final int SUCCEEDS_LATER_PER_MILLE = 20;

    private final @Nullable Long seed;
    private final int neverSucceedsPerMille;
    private final AtomicBoolean isFixed;

    private InjectedFailures(@Nullable Long seed, int neverSucceedsPerMille, AtomicBoolean isFixed) {
        this.seed = seed;
        this.neverSucceedsPerMille = neverSucceedsPerMille;
        this.isFixed = isFixed;
    }

    public static InjectedFailures none() {
        return new InjectedFailures(null, 0, new AtomicBoolean());
    }

    public static InjectedFailures seeded(long seed) {
        return new InjectedFailures(seed, NEVER_SUCCEEDS_PER_MILLE, new AtomicBoolean());
    }

    /**
     * The same where few keys carry all events, as products do in the inventory: each letter holds back what comes after
     * it of its key, and most of a run is not to wait. Fixed is both, or none.
     */
    public InjectedFailures rarelyForGood() {
        return new InjectedFailures(seed, Math.min(neverSucceedsPerMille, RARELY_PER_MILLE), isFixed);
    }

    /** The fault is found and fixed: from now on no attempt fails. Called by any thread. */
    public void fix() {
        isFixed.set(true);
    }

    /** Fails the attempt where it is one of those that are to fail. */
    public void strike(EventId event, int attempt) throws InjectedFailure {
        if (!isFixed.get() && attempt <= failingAttempts(event)) {
            throw new InjectedFailure("failure put into attempt " + attempt + " at event " + event);
        }
    }

    /** Whether no attempt at this event succeeds before the fault is fixed. */
    public boolean isFatal(EventId event) {
        return failingAttempts(event) >= ATTEMPTS;
    }

    private int failingAttempts(EventId event) {
        if (seed == null) {
            return 0;
        }
        Random random = Chance.of(seed, event.toString());
        int draw = random.nextInt(1000);
        if (draw < neverSucceedsPerMille) {
            return ATTEMPTS;
        }
        return draw < neverSucceedsPerMille + SUCCEEDS_LATER_PER_MILLE ? 1 + random.nextInt(ATTEMPTS - 1) : 0;
    }

    /** The seed as one word, for a command line. */
    String toArgument() {
        return seed == null ? "none" : seed.toString();
    }

    static InjectedFailures ofArgument(String argument) {
        return argument.equals("none") ? none() : seeded(Long.parseLong(argument));
    }
}
