package dev.semel.windowing;

import org.jspecify.annotations.Nullable;

/**
 * Gives records new keys.
 *
 * @param <K> the type of the keys before
 * @param <V> the type of the values
 * @param <R> the type of the keys behind
 */
@FunctionalInterface
public interface KeyMapper<K extends @Nullable Object, V extends @Nullable Object, R> {

    /**
     * The new key. What it throws goes to the topology's handler of processing exceptions, after the record has been counted as rejected.
     *
     * @return null for none: the record is counted as rejected
     */
    @Nullable R key(K key, V value);
}
