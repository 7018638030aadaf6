package dev.semel.dlq;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.FailureClass;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a letter say about the record in it. What they do not say is null.
 *
 * @param format who wrote the letter
 * @param id its id, where the writer gave it one; else it is named by its own place
 * @param origin the place from which the record came first, however often it failed since
 * @param group the consumer group, application or connector that could not handle it
 * @param failureClass the kind of failure
 * @param fingerprint equal for the same fault, whatever the data that showed it
 * @param exception the class name of the exception: of the innermost that the writer names
 * @param message its message
 * @param failedAt when it failed; null where the writer does not say, and the letter's own timestamp is what there is
 * @param originalTimestamp the record's own timestamp, milliseconds since the epoch; null where it is not known
 * @param attempts how many attempts were made, 0 where it is not known
 * @param content what of the record is in the letter
 */
public record Provenance(
        LetterFormat format,
        @Nullable String id,
        @Nullable RecordPosition origin,
        @Nullable String group,
        FailureClass failureClass,
        String fingerprint,
        @Nullable String exception,
        @Nullable String message,
        @Nullable Instant failedAt,
        @Nullable Long originalTimestamp,
        int attempts,
        Content content) {

    /** What of a record is in its letter. The rest is fetched from the origin, while that is retained. */
    public enum Content {
        /** Key, value and headers. */
        WHOLE,
        /** None of them, although the letter may have a key and a value: they would not have fitted, or are only a part. */
        OMITTED,
        /** A letter without key and value may be one that was written without them. */
        UNCERTAIN,
        /**
         * What is in the letter, and what lies at its origin, may be another record than the one that failed: the letter is
         * {@link LetterState#QUARANTINED}. Who redrives it by name of that state has what lies at its origin copied.
         */
        UNTRUSTED
    }

    public Provenance {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(failureClass, "failureClass");
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(content, "content");
    }
}
