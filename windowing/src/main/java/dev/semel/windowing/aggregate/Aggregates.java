package dev.semel.windowing.aggregate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates that most windows need. Their accumulators never change: one that fails leaves nothing behind, and a result that was
 * handed out stays as it is.
 */
public final class Aggregates {

    private Aggregates() {}

    /** How many values there are. */
    public static <K, V extends @Nullable Object> MergeableAggregate<K, V, Long> count() {
        return Folding.of(
                (key, value) -> 1L,
                (key, value, count) -> Math.addExact(count, 1L),
                (one, other) -> Math.addExact(one, other));
    }

    /** The sum of whole numbers. A value with which it would be more than a {@code long} holds is rejected. */
    public static <K, V extends @Nullable Object> MergeableAggregate<K, V, Long> sum(ToLongFunction<? super V> number) {
        Objects.requireNonNull(number, "number");
        return Folding.of(
                (key, value) -> number.applyAsLong(value),
                (key, value, sum) -> Math.addExact(sum, number.applyAsLong(value)),
                (one, other) -> Math.addExact(one, other));
    }

    /** The sum of numbers with a fraction, which depends a little on the order in which they come, as such sums do. */
    public static <K, V extends @Nullable Object> MergeableAggregate<K, V, Double> sumOfDoubles(
            ToDoubleFunction<? super V> number) {
        Objects.requireNonNull(number, "number");
        return Folding.of(
                (key, value) -> number.applyAsDouble(value),
                (key, value, sum) -> sum + number.applyAsDouble(value),
                (one, other) -> one + other);
    }

    /** The mean of numbers, with their count and sum. */
    public static <K, V extends @Nullable Object> MergeableAggregate<K, V, Average> average(
            ToDoubleFunction<? super V> number) {
        Objects.requireNonNull(number, "number");
        return Folding.of(
                (key, value) -> new Average(1, number.applyAsDouble(value)),
                (key, value, average) -> average.plus(number.applyAsDouble(value)),
                Average::plus);
    }

    /** The least of what is taken from each value; the first of equal ones. */
    public static <K, V extends @Nullable Object, T extends Comparable<? super T>> MergeableAggregate<K, V, T> min(
            Function<? super V, ? extends T> taken) {
        return extreme(taken, Comparator.reverseOrder());
    }

    /** The greatest of what is taken from each value; the first of equal ones. */
    public static <K, V extends @Nullable Object, T extends Comparable<? super T>> MergeableAggregate<K, V, T> max(
            Function<? super V, ? extends T> taken) {
        return extreme(taken, Comparator.naturalOrder());
    }

    private static <K, V extends @Nullable Object, T> MergeableAggregate<K, V, T> extreme(
            Function<? super V, ? extends T> taken, Comparator<? super T> order) {
        Objects.requireNonNull(taken, "taken");
        BinaryOperator<T> greater = (one, other) -> order.compare(one, other) >= 0 ? one : other;
        return Folding.of(
                (key, value) -> Objects.requireNonNull(taken.apply(value), "what is taken of a value is null"),
                (key, value, most) -> greater.apply(most, taken.apply(value)),
                greater::apply);
    }

    /** Two values become one, in the order in which they are processed, until one is left. */
    public static <K, V> MergeableAggregate<K, V, V> reduce(BinaryOperator<V> operator) {
        Objects.requireNonNull(operator, "operator");
        return Folding.of(
                (key, value) -> value, (key, value, reduced) -> operator.apply(reduced, value), operator::apply);
    }

    /**
     * The greatest few values, the greatest first; of equal ones, the one that was processed first.
     *
     * @param most how many; keep it small, since a value is put into its place by moving those behind it
     */
    public static <K, V> MergeableAggregate<K, V, List<V>> top(int most, Comparator<? super V> order) {
        if (most < 1) {
            throw new IllegalArgumentException("the number of values to keep is " + most + ", and has to be 1 or more");
        }
        Objects.requireNonNull(order, "order");
        return Folding.of(
                (key, value) -> List.of(value), (key, value, top) -> insert(top, value, most, order), (one, other) -> {
                    var all = new ArrayList<>(one);
                    all.addAll(other);
                    all.sort(Collections.reverseOrder(order));
                    return List.copyOf(all.subList(0, Math.min(most, all.size())));
                });
    }

    private static <V> List<V> insert(List<V> top, V value, int most, Comparator<? super V> order) {
        int place = top.size();
        while (place > 0 && order.compare(top.get(place - 1), value) < 0) {
            place--;
        }
        if (place == most) {
            return top;
        }
        var next = new ArrayList<>(top);
        next.add(place, value);
        return List.copyOf(next.size() > most ? next.subList(0, most) : next);
    }
}
