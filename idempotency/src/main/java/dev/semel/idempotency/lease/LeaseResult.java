package dev.semel.idempotency.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What comes of asking for a lease. */
public sealed interface LeaseResult {

    /**
     * The asker has it: does the work, and then {@linkplain Leases#complete completes} or {@linkplain Leases#release releases}.
     *
     * @param token who has it
     */
    record Acquired(LeaseToken token) implements LeaseResult {}

    /**
     * Somebody else has it.
     *
     * @param remaining how long its lease still lasts, unless it is renewed; above zero. It may be completed or released before
     */
    record InProgress(Duration remaining) implements LeaseResult {}

    /**
     * The work is done, and need not be done again.
     *
     * @param outcome what it was completed with; a copy. Null where it was completed without an outcome, which is not the same as an empty
     *     one
     */
    record Completed(byte @Nullable [] outcome) implements LeaseResult {

        public Completed {
            outcome = outcome == null ? null : outcome.clone();
        }

        @Override
        public byte @Nullable [] outcome() {
            return outcome == null ? null : outcome.clone();
        }
    }

    /** The key was used before with another payload: one key stands for two things. */
    record PayloadMismatch() implements LeaseResult {}
}
