package dev.semel.dlq.internal.copy;

import dev.semel.dlq.Letter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about a letter.
 *
 * @param letter as it is now
 * @param copy to be sent; null where only its state changes
 * @param sequence what it keeps its order with
 */
record Step(Letter letter, @Nullable ProducerRecord<byte[], byte[]> copy, long sequence) {

    /** Whether those behind it wait when it fails; a letter without a key holds up nothing. */
    boolean holdsUp() {
        return copy != null && copy.key() != null;
    }

    @Nullable String target() {
        return copy == null ? null : copy.topic();
    }
}
