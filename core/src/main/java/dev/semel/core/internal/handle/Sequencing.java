package dev.semel.core.internal.handle;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Which records of a partition are handled one after the other: those with an equal sequence. Thread-safe. */
@FunctionalInterface
public interface Sequencing {

    /** What all records of a partition have in common. */
    byte[] WHOLE_PARTITION = {};

    /** What the sequences of two records have in common by their keys; null where a record may be handled at any time. */
    byte @Nullable [] sequence(byte @Nullable [] key);

    /** The record's sequence; null where it may be handled at any time. */
    default @Nullable Object of(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] sequence = sequence(record.key());
        return sequence == null ? null : new Key(sequence);
    }

    /** Records with the same bytes as key keep their order; those without a key have none. */
    static Sequencing byKey() {
        return key -> key;
    }

    /** All records keep their order. */
    static Sequencing byPartition() {
        return key -> WHOLE_PARTITION;
    }

    /** No record waits for another. */
    static Sequencing none() {
        return key -> null;
    }

    /** Bytes as a map's key. */
    final class Key {

        private final byte[] bytes;
        private final int hash;

        Key(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.hash == hash && Arrays.equals(key.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
