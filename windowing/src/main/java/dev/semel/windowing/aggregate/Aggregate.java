package dev.semel.windowing.aggregate;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a window computes of the values of one key.
 *
 * <p>An aggregate is called by one thread at a time for each engine that it is given to, and keeps no state of its own. One that throws
 * rejects the record: the accumulator is to be as it was. So either give a new accumulator each time, or change the one given only
 * after all that can throw.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators, which are never null
 */
public interface Aggregate<K, V extends @Nullable Object, A> {

    /** The accumulator that has one value in it. */
    A first(K key, V value) throws Exception;

    /** The accumulator with one value more: the same one, changed, or another. */
    A fold(K key, V value, A accumulator) throws Exception;

    /**
     * Folds values in the order in which they are processed.
     *
     * @param initial gives an accumulator without values, a new one each time if accumulators change
     * @param fold gives it with one value more
     */
    static <K, V extends @Nullable Object, A> Aggregate<K, V, A> of(Supplier<A> initial, Fold<K, V, A> fold) {
        Objects.requireNonNull(initial, "initial");
        Objects.requireNonNull(fold, "fold");
        return new Aggregate<>() {
            @Override
            public A first(K key, V value) throws Exception {
                return fold.fold(key, value, initial.get());
            }

            @Override
            public A fold(K key, V value, A accumulator) throws Exception {
                return fold.fold(key, value, accumulator);
            }
        };
    }
}
