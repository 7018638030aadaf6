package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A letter as it lies in its topic, with what is known of it. Key, value and headers are the arrays that were read: they are not to
 * be changed.
 *
 * @param position its place in the letter topic
 * @param id names it: Semel's own id, or {@code topic/partition/offset} of the letter where it has none
 * @param state what has become of it
 * @param format who wrote it
 * @param origin the place from which the record came first, if the letter says so
 * @param group the consumer group, application or connector that could not handle it, if the letter says so
 * @param failureClass the kind of failure; {@code unknown} where nobody could tell
 * @param fingerprint equal for the same fault
 * @param exception the class name of the exception, if the letter says so
 * @param message its message, if the letter says so
 * @param failedAt when it failed; where the letter does not say, the letter's own timestamp
 * @param originalTimestamp the record's own timestamp in milliseconds since the epoch, where it is known
 * @param attempts how many attempts the group made (0: not known) and redrives failed with it
 * @param content what of the record is in the letter
 * @param key the letter's key
 * @param value the letter's value
 * @param headers all headers of the letter, in their order
 */
public record Letter(
        RecordPosition position,
        String id,
        LetterState state,
        LetterFormat format,
        @Nullable RecordPosition origin,
        @Nullable String group,
        FailureClass failureClass,
        String fingerprint,
        @Nullable String exception,
        @Nullable String message,
        Instant failedAt,
        @Nullable Long originalTimestamp,
        int attempts,
        Provenance.Content content,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {

    public Letter {
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(failureClass, "failureClass");
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(failedAt, "failedAt");
        Objects.requireNonNull(content, "content");
        headers = List.copyOf(headers);
    }

    /** The id of the letter in whose place this one is, since that was edited; null where it is in no other's. */
    public @Nullable String parentId() {
        return headers.stream()
                .filter(header -> header.key().equals(DeadLetter.PARENT_ID) && header.value() != null)
                .map(header -> new String(header.value(), UTF_8))
                .findFirst()
                .orElse(null);
    }

    /** By place and id: a letter topic holds one letter at a place. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Letter letter
                && position.equals(letter.position)
                && id.equals(letter.id)
                && state == letter.state
                && Arrays.equals(key, letter.key)
                && Arrays.equals(value, letter.value);
    }

    @Override
    public int hashCode() {
        return position.hashCode();
    }

    /** Without key, value and headers, which can be large or private. */
    @Override
    public String toString() {
        return id + " " + state + " " + failureClass + " " + fingerprint + " at " + position
                + (origin == null ? "" : " from " + origin) + (exception == null ? "" : ": " + exception)
                + (message == null ? "" : ": " + message);
    }
}
