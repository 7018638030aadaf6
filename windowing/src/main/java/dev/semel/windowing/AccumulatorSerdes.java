package dev.semel.windowing;

import dev.semel.windowing.aggregate.Average;
import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Serdes of those accumulators of {@link dev.semel.windowing.aggregate.Aggregates} that Kafka has none for. */
public final class AccumulatorSerdes {

    private static final int VERSION = 1;
    private static final Serde<Average> AVERAGE =
            Serdes.serdeFrom((topic, average) -> write(average), (topic, stored) -> read(stored));

    private AccumulatorSerdes() {}

    /** Means, with their count and sum, in a format with a version. */
    public static Serde<Average> average() {
        return AVERAGE;
    }

    private static byte @Nullable [] write(@Nullable Average average) {
        return average == null
                ? null
                : new ValueWriter(VERSION)
                        .number(average.count())
                        .number(Double.doubleToRawLongBits(average.sum()))
                        .bytes();
    }

    private static @Nullable Average read(byte @Nullable [] stored) {
        if (stored == null) {
            return null;
        }
        var in = new ValueReader("a mean", stored, VERSION);
        return new Average(in.number(), Double.longBitsToDouble(in.number()));
    }

    /** The greatest few values, as Kafka's own serde of lists writes them. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public static <V> Serde<List<V>> top(Serde<V> values) {
        // A class cannot say of what its lists are.
        return Serdes.ListSerde((Class) ArrayList.class, values);
    }
}
