package dev.semel.windowing.internal.streams;

import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the time of an event from its record.
 *
 * @param <K> keys
 * @param <V> values
 */
@FunctionalInterface
public interface EventTimestamps<K extends @Nullable Object, V extends @Nullable Object> {

    /** In milliseconds since the epoch. */
    long timestamp(K key, V value) throws Exception;

    /** The time, or an exception for the topology's handler. */
    static <K extends @Nullable Object, V extends @Nullable Object> long of(
            EventTimestamps<K, V> timestamps, K key, V value, String input) {
        try {
            return timestamps.timestamp(key, value);
        } catch (Exception e) {
            throw new StreamsException(
                    "the time of an event of " + input + " cannot be read: give timestamps(...) that"
                            + " read it, or a handler of processing exceptions that takes care of such records",
                    e);
        }
    }
}
