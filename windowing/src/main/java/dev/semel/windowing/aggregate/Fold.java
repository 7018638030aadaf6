package dev.semel.windowing.aggregate;

import org.jspecify.annotations.Nullable;

/**
 * Puts a value into an accumulator.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators
 */
@FunctionalInterface
public interface Fold<K, V extends @Nullable Object, A> {

    /** The accumulator with one value more: the same one, changed, or another. */
    A fold(K key, V value, A accumulator) throws Exception;
}
