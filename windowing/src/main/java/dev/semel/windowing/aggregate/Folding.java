package dev.semel.windowing.aggregate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An aggregate of three functions. */
record Folding<K, V extends @Nullable Object, A>(First<K, V, A> begin, Fold<K, V, A> fold, Merge<A> merge)
        implements MergeableAggregate<K, V, A> {

    Folding {
        Objects.requireNonNull(begin, "first");
        Objects.requireNonNull(fold, "fold");
        Objects.requireNonNull(merge, "merge");
    }

    /** Begins with a value. */
    @FunctionalInterface
    interface First<K, V extends @Nullable Object, A> {
        A first(K key, V value) throws Exception;
    }

    static <K, V extends @Nullable Object, A> MergeableAggregate<K, V, A> of(
            First<K, V, A> first, Fold<K, V, A> fold, Merge<A> merge) {
        return new Folding<>(first, fold, merge);
    }

    @Override
    public A first(K key, V value) throws Exception {
        return begin.first(key, value);
    }

    @Override
    public A fold(K key, V value, A accumulator) throws Exception {
        return fold.fold(key, value, accumulator);
    }

    @Override
    public A merge(A earlier, A later) throws Exception {
        return merge.merge(earlier, later);
    }
}
