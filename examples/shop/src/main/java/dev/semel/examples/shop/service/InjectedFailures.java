package dev.semel.examples.shop.service;

import dev.semel.core.event.EventId;
import java.util.Random;
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
    private static final int SUCCEEDS_LATER_PER_MILLE = 20;

    private final @Nullable Long seed;

    private InjectedFailures(@Nullable Long seed) {
        this.seed = seed;
    }

    public static InjectedFailures none() {
        return new InjectedFailures(null);
    }

    public static InjectedFailures seeded(long seed) {
        return new InjectedFailures(seed);
    }

    /** Fails the attempt where it is one of those that are to fail. */
    public void strike(EventId event, int attempt) throws InjectedFailure {
        if (attempt <= failingAttempts(event)) {
            throw new InjectedFailure("failure put into attempt " + attempt + " at event " + event);
        }
    }

    /** Whether no attempt at this event succeeds. */
    public boolean isFatal(EventId event) {
        return failingAttempts(event) >= ATTEMPTS;
    }

    private int failingAttempts(EventId event) {
        if (seed == null) {
            return 0;
        }
        Random random = Chance.of(seed, event.toString());
        int draw = random.nextInt(1000);
        if (draw < NEVER_SUCCEEDS_PER_MILLE) {
            return ATTEMPTS;
        }
        return draw < NEVER_SUCCEEDS_PER_MILLE + SUCCEEDS_LATER_PER_MILLE ? 1 + random.nextInt(ATTEMPTS - 1) : 0;
    }

    /** The seed as one word, for a command line. */
    String toArgument() {
        return seed == null ? "none" : seed.toString();
    }

    static InjectedFailures ofArgument(String argument) {
        return argument.equals("none") ? none() : seeded(Long.parseLong(argument));
    }
}
