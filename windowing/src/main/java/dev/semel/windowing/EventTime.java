package dev.semel.windowing;

import org.jspecify.annotations.Nullable;

/**
 * Reads the time of an event, where it is not the timestamp of its record.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface EventTime<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * The time of an event, in milliseconds since 1970. What it throws goes to the topology's handler of processing exceptions, after the
     * record has been counted as rejected. Windows do not ask it about a record without a key.
     */
    long timestamp(K key, V value) throws Exception;
}
