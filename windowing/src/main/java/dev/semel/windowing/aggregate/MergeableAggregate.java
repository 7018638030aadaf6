package dev.semel.windowing.aggregate;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate for sessions, two of which become one when an event falls between them.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators
 */
public interface MergeableAggregate<K, V extends @Nullable Object, A> extends Aggregate<K, V, A>, Merge<A> {

    /**
     * Folds values, and merges what has been folded.
     *
     * @param initial gives an accumulator without values, a new one each time if accumulators change
     * @param fold gives it with one value more
     * @param merge gives what two have in them
     */
    static <K, V extends @Nullable Object, A> MergeableAggregate<K, V, A> of(
            Supplier<A> initial, Fold<K, V, A> fold, Merge<A> merge) {
        Objects.requireNonNull(initial, "initial");
        return Folding.of((key, value) -> fold.fold(key, value, initial.get()), fold, merge);
    }
}
