package dev.semel.dlq;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An edited letter beside the one that it takes the place of.
 *
 * @param letter the letter as it was
 * @param id names the new one; the other is its parent
 * @param before the record in the letter, without the headers that were added for the letter; not to be changed
 * @param after the record as it is handled from now on; not to be changed
 * @param keeper the group whose owner keeps the letter, and has changed it; null where nobody keeps it
 */
public record LetterRevision(
        Letter letter,
        String id,
        ConsumerRecord<byte[], byte[]> before,
        ConsumerRecord<byte[], byte[]> after,
        @Nullable String keeper) {

    public LetterRevision {
        Objects.requireNonNull(letter, "letter");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
    }

    /** Without what the record holds, which can be large or private. */
    @Override
    public String toString() {
        return id + " in place of " + letter.id();
    }
}
