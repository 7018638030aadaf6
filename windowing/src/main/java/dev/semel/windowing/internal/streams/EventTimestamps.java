package dev.semel.windowing.internal.streams;

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
}
