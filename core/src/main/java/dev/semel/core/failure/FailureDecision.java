package dev.semel.core.failure;

import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of a record whose attempt failed. Sealed, so that each is carried out; there may be more of them in later
 * versions, so code that looks at decisions does something sensible about one that it does not know.
 */
public sealed interface FailureDecision {

    /** Runs the handler again in place after a delay; until then the records that keep their order with it wait. */
    static FailureDecision retryAfter(Duration delay) {
        return new Retry(delay);
    }

    /** Writes the record to the policy's dead-letter topic, in the transaction that also commits its offset. */
    static FailureDecision deadLetter() {
        return Letter.INSTANCE;
    }

    /**
     * Passes the record over, in the transaction that commits its offset: it has no outputs and no letter. The log has the reason,
     * and nothing else keeps the record.
     *
     * @param reason why that is right, in a few words that are the same for all such records
     * @throws ConfigurationException where the reason is blank
     */
    static FailureDecision skip(String reason) {
        return new Skip(reason);
    }

    /**
     * Keeps the record for later, in the transaction that commits its offset, and handles it again by itself when it is due: for an event
     * that came before another which it needs. Its key stays open meanwhile. Needs a participant that keeps it, such as the one of
     * {@code semel-dlq}; without one the processor does not start where the policy {@linkplain FailurePolicy#defers says} that it defers.
     *
     * @param delay until it is due; positive
     */
    static FailureDecision defer(Duration delay) {
        return new Defer(delay);
    }

    /** Stops the processor in state {@code FAILED}, with the record and everything after it uncommitted. */
    static FailureDecision stop() {
        return Stop.INSTANCE;
    }

    /**
     * Try again in place.
     *
     * @param delay the wait before the next attempt; zero or more
     */
    record Retry(Duration delay) implements FailureDecision {
        public Retry {
            Objects.requireNonNull(delay, "delay");
            if (delay.isNegative()) {
                throw new ConfigurationException("retry delay " + delay + " must not be negative");
            }
        }
    }

    /** Write a dead letter and go on. */
    enum Letter implements FailureDecision {
        INSTANCE
    }

    /**
     * Pass the record over and go on.
     *
     * @param reason why; not blank
     */
    record Skip(String reason) implements FailureDecision {
        public Skip {
            Objects.requireNonNull(reason, "reason");
            if (reason.isBlank()) {
                throw new ConfigurationException(
                        "the reason for skipping must not be blank: nothing else tells of the record");
            }
        }
    }

    /**
     * Keep the record, and handle it again later.
     *
     * @param delay until then; positive
     */
    record Defer(Duration delay) implements FailureDecision {
        public Defer {
            Objects.requireNonNull(delay, "delay");
            if (delay.isNegative() || delay.isZero()) {
                throw new ConfigurationException("deferring by " + delay + ": must be positive");
            }
        }
    }

    /** Stop the processor. */
    enum Stop implements FailureDecision {
        INSTANCE
    }
}
