package dev.semel.core.failure;

import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of a record whose attempt failed.
 */
public sealed interface FailureDecision {

    /** Runs the handler again in place after a delay; until then later records of the same lane wait. */
    static FailureDecision retryAfter(Duration delay) {
        return new Retry(delay);
    }

    /** Writes the record to the policy's dead-letter topic, in the transaction that also commits its offset. */
    static FailureDecision deadLetter() {
        return Letter.INSTANCE;
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

    record Skip(String reason) implements FailureDecision {}

    /** Stop the processor. */
    enum Stop implements FailureDecision {
        INSTANCE
    }
}
