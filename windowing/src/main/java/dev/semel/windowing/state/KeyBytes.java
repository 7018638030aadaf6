package dev.semel.windowing.state;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of a key, by which results are ordered within a window. Equal keys have equal bytes, others have others.
 *
 * @param <K> keys
 */
@FunctionalInterface
public interface KeyBytes<K> {

    /** The bytes of one key. */
    byte[] bytes(K key);

    /** Compares keys as their bytes compare, unsigned. To be overridden where it can be told without making them. */
    default int compare(K one, K other) {
        return Arrays.compareUnsigned(bytes(one), bytes(other));
    }

    /** Texts in UTF-8. */
    static KeyBytes<String> utf8() {
        return Utf8.INSTANCE;
    }

    /** Whole numbers as 8 bytes, the highest first, as Kafka's {@code LongSerializer} writes them: negative ones come last. */
    static KeyBytes<Long> bigEndian() {
        return key -> ByteBuffer.allocate(Long.BYTES).putLong(key).array();
    }
}
