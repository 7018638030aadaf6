package dev.semel.windowing.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregatesTest {

    @SafeVarargs
    private static <V, A> A fold(Aggregate<String, V, A> aggregate, V... values) throws Exception {
        A folded = aggregate.first("k", values[0]);
        for (int i = 1; i < values.length; i++) {
            folded = aggregate.fold("k", values[i], folded);
        }
        return folded;
    }

    /** What is folded in one go is what two parts make when they are merged. */
    private static <A> void assertBoth(MergeableAggregate<String, Integer, A> aggregate, A expected) throws Exception {
        assertThat(fold(aggregate, 5, 3, 9, 9, 4)).isEqualTo(expected);
        assertThat(aggregate.merge(fold(aggregate, 5, 3), fold(aggregate, 9, 9, 4)))
                .isEqualTo(expected);
    }

    @Test
    void eachFoldsAndMerges() throws Exception {
        assertBoth(Aggregates.count(), 5L);
        assertBoth(Aggregates.sum(Integer::longValue), 30L);
        assertBoth(Aggregates.sumOfDoubles(Integer::doubleValue), 30.0);
        assertBoth(Aggregates.average(Integer::doubleValue), new Average(5, 30));
        assertBoth(Aggregates.min(value -> value), 3);
        assertBoth(Aggregates.max(value -> value), 9);
        assertBoth(Aggregates.reduce(Integer::sum), 30);
        assertBoth(Aggregates.top(2, Comparator.<Integer>naturalOrder()), List.of(9, 9));
        assertBoth(Aggregates.top(9, Comparator.<Integer>naturalOrder()), List.of(9, 9, 5, 4, 3));
    }

    @Test
    void theMeanIsTheSumByTheCount() throws Exception {
        assertThat(fold(Aggregates.<String, Integer>average(Integer::doubleValue), 1, 2, 6)
                        .mean())
                .isEqualTo(3);
    }

    @Test
    void ofEqualOnesTheFirstIsKept() throws Exception {
        record Named(int number, String name) {}
        var byNumber = Comparator.comparingInt(Named::number);
        assertThat(fold(
                        Aggregates.<String, Named>top(2, byNumber),
                        new Named(1, "a"),
                        new Named(2, "b"),
                        new Named(2, "c"),
                        new Named(1, "d")))
                .extracting(Named::name)
                .containsExactly("b", "c");
    }

    @Test
    void aSumThatWouldOverflowFailsAndChangesNothing() throws Exception {
        var sum = Aggregates.<String, Long>sum(Long::longValue);
        assertThatThrownBy(() -> sum.fold("k", 1L, Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void noneOrFewerToKeepAreRefused() {
        assertThatThrownBy(() -> Aggregates.top(0, Comparator.<Integer>naturalOrder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
        assertThatThrownBy(() -> new Average(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
