package dev.semel.windowing;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.internal.streams.EngineFactory;
import dev.semel.windowing.internal.streams.EventTimestamps;
import dev.semel.windowing.internal.streams.TaskState;
import dev.semel.windowing.internal.streams.WindowSettings;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Aggregator;
import org.apache.kafka.streams.kstream.Initializer;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Windows of event time for the Processor API:
 *
 * <pre>{@code
 * topology.addProcessor("volume", EventTimeProcessor.<String, Trade>named("volume", Serdes.String())
 *         .tumbling(Duration.ofMinutes(1))
 *         .count(), "trades");
 * }</pre>
 *
 * <p>{@link EventTimeWindows} is the same for the DSL.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class EventTimeProcessor<K, V extends @Nullable Object> extends Windowing<K, V, EventTimeProcessor<K, V>> {

    private EventTimeProcessor(String name, Serde<K> keySerde) {
        super("EventTimeProcessor.named", name, keySerde);
    }

    /**
     * Begins windows.
     *
     * @param name from which the stores have their names, and those their topics
     * @throws IllegalArgumentException if Kafka does not take it for a name
     */
    public static <K, V extends @Nullable Object> EventTimeProcessor<K, V> named(String name, Serde<K> keySerde) {
        return new EventTimeProcessor<>(name, keySerde);
    }

    @Override
    EventTimeProcessor<K, V> self() {
        return this;
    }

    /** Counts records by key and window. */
    public WindowProcessorSupplier<K, V, Long> count() {
        return aggregate(Aggregates.count(), Materialized.with(keySerde, Serdes.Long()));
    }

    /** Folds values as Kafka Streams does. */
    public <A> WindowProcessorSupplier<K, V, A> aggregate(
            Initializer<A> initializer,
            Aggregator<? super K, ? super V, A> aggregator,
            Materialized<K, A, KeyValueStore<Bytes, byte[]>> materialized) {
        return aggregate(Aggregate.of(initializer::apply, aggregator::apply), materialized);
    }

    /**
     * Computes any aggregate.
     *
     * @param materialized the serdes, and what the store is made of
     * @throws IllegalArgumentException if a serde is missing, or the state would not survive
     * @throws IllegalStateException if settings do not fit each other
     */
    public <A> WindowProcessorSupplier<K, V, A> aggregate(
            Aggregate<K, V, A> aggregate, Materialized<K, A, KeyValueStore<Bytes, byte[]>> materialized) {
        return supplier(this, aggregate, materialized);
    }

    /** What both builders end in. */
    static <K, V extends @Nullable Object, A> WindowProcessorSupplier<K, V, A> supplier(
            Windowing<K, V, ?> windowing,
            Aggregate<K, V, A> aggregate,
            Materialized<K, A, KeyValueStore<Bytes, byte[]>> materialized) {
        var state = new WindowState<K, A>(windowing.name, materialized);
        EngineFactory<K, V, A> engines = windowing.engines(aggregate);
        WatermarkStrategy strategy = windowing.strategy();
        SourceExtractor<K, V> sources = windowing.extractor();
        EventTime<K, V> eventTime = windowing.eventTime();
        EventTimestamps<K, V> timestamps = eventTime == null ? null : eventTime::timestamp;
        // Settings are checked against each other where an engine starts: one starts here, on nothing.
        engines.start(TaskState.none(), ControlState.none(), List.of(), result -> {}, InputLag.none(), 0);
        var settings = new WindowSettings<K, V, A>(
                windowing.name,
                windowing.isOfSessions(),
                state.windowsStore(),
                state.controlStore(),
                state.commitsStore(windowing),
                engines,
                sources.readers(),
                sources.kind(),
                windowing.declared(),
                sources.topics(),
                timestamps,
                state.keys(windowing.keySerde),
                state.accumulators(),
                windowing.inputLag(),
                strategy.ticks(),
                strategy.idleness().orElse(null),
                windowing.reports(),
                windowing.heapBytes(),
                null,
                null);
        return new WindowProcessorSupplier<>(settings, state);
    }
}
