package dev.semel.core.internal.handle;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Which records of a partition are handled one after the other: those with an equal sequence. Thread-safe. */
@FunctionalInterface
public interface Sequencing {

    /** The record's sequence; null where it may be handled at any time. */
    @Nullable Object of(ConsumerRecord<byte[], byte[]> record);

    /** Records with the same bytes as key keep their order; those without a key have none. */
    static Sequencing byKey() {
        return record -> record.key() == null ? null : new Key(record.key());
    }

    /** All records keep their order. */
    static Sequencing byPartition() {
        return record -> Sequencing.class;
    }

    /** No record waits for another. */
    static Sequencing none() {
        return record -> null;
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
