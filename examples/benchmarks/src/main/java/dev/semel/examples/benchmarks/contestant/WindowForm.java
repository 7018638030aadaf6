package dev.semel.examples.benchmarks.contestant;

import dev.semel.examples.benchmarks.workload.Shape;
import dev.semel.windowing.EventTimeWindows;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/** The ways to count by key and minute in Kafka Streams, all with the same size and lateness: ours and its own. */
enum WindowForm {
    SEMEL_ROCKSDB((stream, out) -> semel(stream, out, BuiltInDslStoreSuppliers.ROCKS_DB, false)),
    SEMEL_MEMORY((stream, out) -> semel(stream, out, BuiltInDslStoreSuppliers.IN_MEMORY, false)),
    SEMEL_ROCKSDB_BEFORE_COMMIT((stream, out) -> semel(stream, out, BuiltInDslStoreSuppliers.ROCKS_DB, true)),
    SEMEL_MEMORY_BEFORE_COMMIT((stream, out) -> semel(stream, out, BuiltInDslStoreSuppliers.IN_MEMORY, true)),
    STREAMS_UPDATES((stream, out) -> windowed(stream)
            .count(store(BuiltInDslStoreSuppliers.ROCKS_DB))
            .toStream()
            .to(out, produced())),
    STREAMS_CLOSE((stream, out) -> onClose(stream, out, BuiltInDslStoreSuppliers.ROCKS_DB)),
    STREAMS_MEMORY_CLOSE((stream, out) -> onClose(stream, out, BuiltInDslStoreSuppliers.IN_MEMORY)),
    STREAMS_SUPPRESS((stream, out) -> windowed(stream)
            .count(store(BuiltInDslStoreSuppliers.ROCKS_DB))
            .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))
            .toStream()
            .to(out, produced()));

    private static final String NAME = "counts";

    private final BiConsumer<KStream<String, byte[]>, String> form;

    WindowForm(BiConsumer<KStream<String, byte[]>, String> form) {
        this.form = form;
    }

    /** From the input to the output; the meter counts what comes in. */
    Topology topology(Settings settings, Meter meter) {
        var builder = new StreamsBuilder();
        form.accept(
                builder.stream(settings.input(), Consumed.with(Serdes.String(), Serdes.ByteArray()))
                        .peek((key, value) -> meter.handle()),
                settings.output());
        return builder.build();
    }

    /** A record timestamp is the time of an event; the times of a partition may run back by as much as the lateness allows. */
    private static void semel(
            KStream<String, byte[]> stream, String out, DslStoreSuppliers stores, boolean isBeforeCommit) {
        var windows = EventTimeWindows.of(stream, grouped())
                .tumbling(Shape.SIZE)
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO))
                .allowedLateness(Shape.LATENESS);
        if (isBeforeCommit) {
            windows.writeBeforeCommit();
        }
        windows.count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>with(Serdes.String(), Serdes.Long())
                        .withStoreType(stores))
                .results()
                .to(out, produced());
    }

    private static void onClose(KStream<String, byte[]> stream, String out, DslStoreSuppliers stores) {
        windowed(stream)
                .emitStrategy(EmitStrategy.onWindowClose())
                .count(store(stores))
                .toStream()
                .to(out, produced());
    }

    private static TimeWindowedKStream<String, byte[]> windowed(KStream<String, byte[]> stream) {
        return stream.groupByKey(grouped()).windowedBy(TimeWindows.ofSizeAndGrace(Shape.SIZE, Shape.LATENESS));
    }

    private static Grouped<String, byte[]> grouped() {
        return Grouped.with(NAME, Serdes.String(), Serdes.ByteArray());
    }

    private static Materialized<String, Long, WindowStore<Bytes, byte[]>> store(DslStoreSuppliers stores) {
        return Materialized.<String, Long, WindowStore<Bytes, byte[]>>with(Serdes.String(), Serdes.Long())
                .withStoreType(stores);
    }

    private static Produced<Windowed<String>, Long> produced() {
        Serde<Windowed<String>> keys = WindowedSerdes.timeWindowedSerdeFrom(String.class, Shape.SIZE.toMillis());
        return Produced.with(keys, Serdes.Long());
    }
}
