package dev.semel.dlq;

import dev.semel.core.failure.FailureClass;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a letter of a group of our own, or of a record that waits behind one, or came too early.
 *
 * @param id the letter's: group, topic, partition and offset
 * @param state what has become of it
 * @param failureClass what it failed with; null where it never did
 * @param fingerprint equal for the same fault; null where it never failed
 * @param exception the class of the exception; null where it never failed
 * @param attempts how many redrives of it have failed
 * @param deferrals how often it was deferred
 * @param due when it is handled again by itself; null where that has no time
 * @param firstFailedAt when it first failed; null where it never did
 * @param changedAt when the state last changed
 * @param actor who changed it; null where it was the processor
 * @param reason why; null where nobody said so
 * @param redriveId names the command by which it came to its state; null where it was none
 */
public record LetterStatus(
        String id,
        LetterState state,
        @Nullable FailureClass failureClass,
        @Nullable String fingerprint,
        @Nullable String exception,
        int attempts,
        int deferrals,
        @Nullable Instant due,
        @Nullable Instant firstFailedAt,
        Instant changedAt,
        @Nullable String actor,
        @Nullable String reason,
        @Nullable String redriveId) {

    public LetterStatus {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(changedAt, "changedAt");
    }
}
