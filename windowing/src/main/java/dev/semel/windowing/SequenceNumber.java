package dev.semel.windowing;

import org.jspecify.annotations.Nullable;

/**
 * Reads the number of an event in the order of its key.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface SequenceNumber<K, V extends @Nullable Object> {

    /**
     * The number of an event: that of the one which follows it is greater by one. What this throws goes to the topology's handler of
     * processing exceptions, after the record has been counted as rejected. It is not asked about a record without a key.
     */
    long of(K key, V value) throws Exception;
}
