package dev.semel.dlq.internal.keep;

import dev.semel.dlq.LetterState;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What was committed about letters since the processor started. Thread-safe. */
final class Totals {

    /** How the redrive of a letter has ended. */
    enum Outcome {
        APPLIED,
        DUPLICATE,
        FAILED_AGAIN,
        SKIPPED,
        DEFERRED,
        WAITING,
        LOST
    }

    private final LongAdder published = new LongAdder();
    private final LongAdder rewritten = new LongAdder();
    private final Map<Outcome, LongAdder> redriven = new EnumMap<>(Outcome.class);

    Totals() {
        for (Outcome outcome : Outcome.values()) {
            redriven.put(outcome, new LongAdder());
        }
    }

    long published() {
        return published.sum();
    }

    long rewritten() {
        return rewritten.sum();
    }

    long redriven(Outcome outcome) {
        return of(outcome).sum();
    }

    private LongAdder of(Outcome outcome) {
        @Nullable LongAdder adder = redriven.get(outcome);
        if (adder == null) {
            throw new IllegalArgumentException(outcome.toString());
        }
        return adder;
    }

    /**
     * A change is committed.
     *
     * @param wasHandedIn whether it is the end of a redrive
     */
    void committed(Change change, boolean wasHandedIn) {
        @Nullable KeptState before = change.from();
        boolean wasLetter = before != null && before.isLetter();
        if (change.to().isLetter() && !wasLetter) {
            published.increment();
        }
        if (change.isRewriting()) {
            rewritten.increment();
        }
        if (wasHandedIn && wasLetter) {
            of(outcome(change.to())).increment();
        }
    }

    private static Outcome outcome(KeptState end) {
        if (Outcomes.isBehind(end)) {
            return Outcome.WAITING;
        }
        return switch (end.state()) {
            case RESOLVED, SENT -> Outcomes.isDuplicate(end) ? Outcome.DUPLICATE : Outcome.APPLIED;
            case DISCARDED -> Outcome.SKIPPED;
            case DEFERRED -> Outcome.DEFERRED;
            case WAITING -> Outcome.WAITING;
            case QUARANTINED -> Outcome.LOST;
            case OPEN, PARKED -> Outcome.FAILED_AGAIN;
            case REDRIVING -> throw new IllegalArgumentException(LetterState.REDRIVING + " is no end");
        };
    }
}
