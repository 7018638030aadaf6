package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.internal.streams.ForwardingProcessor;
import dev.semel.windowing.internal.streams.RekeySerdes;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Aggregator;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Initializer;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Reducer;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Windows of event time over a stream of Kafka Streams:
 *
 * <pre>{@code
 * var minutes = EventTimeWindows.of(trades, Grouped.with("volume", Serdes.String(), tradeSerde))
 *         .tumbling(Duration.ofMinutes(1))
 *         .sources(SourceExtractor.header("ce_source"))
 *         .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(10)))
 *         .allowedLateness(Duration.ofSeconds(30))
 *         .aggregate(Volume::none, (symbol, trade, volume) -> volume.plus(trade),
 *                 Materialized.with(Serdes.String(), volumeSerde));
 * minutes.results().to("volume-per-minute", ...);
 * minutes.late().to("trades-late", ...);
 * }</pre>
 *
 * <p>A window closes when the watermark, the least mark of all sources, has passed its end and the allowed lateness: then its result goes
 * out, once, and its state is freed. Each record is processed, late or rejected, and counted as such.
 *
 * <h2>In the topology</h2>
 *
 * <p>The name begins those of the processors, {@code name}, {@code name-results} and {@code name-late}, and of the stores, {@code
 * name-windows} and {@code name-control}. The operator takes none of Kafka Streams' numbers, so that what else a topology has keeps its
 * names and its state. What is attached to the two streams takes numbers as ever, {@code to(...)} too, and even where it has a name: so
 * attach it behind all that was there before. {@code rekey} takes three.
 *
 * <p>The stream is not repartitioned: one whose keys have been changed is to be repartitioned first, or its keys are changed by {@code
 * rekey}, which carries sources and watermarks along.
 *
 * <p>It takes {@code processing.guarantee=exactly_once_v2}. With less it warns: after a crash records may be counted twice and results
 * come twice, and stores of which only one has what is open are refused.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class EventTimeWindows<K, V extends @Nullable Object> extends Windowing<K, V, EventTimeWindows<K, V>> {

    private final @Nullable KStream<K, V> stream;
    private final @Nullable Serde<V> valueSerde;
    private final @Nullable KStream<Object, V> rekeyed;

    private EventTimeWindows(KStream<K, V> stream, Names<K, V> grouped) {
        super("EventTimeWindows.of", grouped.name(), grouped.keys());
        this.stream = stream;
        this.valueSerde = grouped.values();
        this.rekeyed = null;
    }

    private EventTimeWindows(EventTimeWindows<?, V> before, KStream<Object, V> rekeyed, Serde<K> keySerde) {
        super(before, keySerde);
        this.stream = null;
        this.valueSerde = before.valueSerde;
        this.rekeyed = rekeyed;
    }

    /**
     * Begins windows over a stream, by its keys.
     *
     * @param grouped with a name; its serdes are used where {@link Materialized} has none
     * @throws IllegalArgumentException if it has no name
     */
    public static <K, V extends @Nullable Object> EventTimeWindows<K, V> of(
            KStream<K, V> stream, Grouped<K, V> grouped) {
        return new EventTimeWindows<>(
                requireNonNull(stream, "stream"), new Names<>(requireNonNull(grouped, "grouped")));
    }

    /** A subclass to be able to read what a {@link Grouped} says. */
    private static final class Names<K, V extends @Nullable Object> extends Grouped<K, V> {

        Names(Grouped<K, V> grouped) {
            super(grouped);
        }

        @Nullable String name() {
            return name;
        }

        @Nullable Serde<K> keys() {
            return keySerde;
        }

        @Nullable Serde<V> values() {
            return valueSerde;
        }
    }

    @Override
    EventTimeWindows<K, V> self() {
        return this;
    }

    /**
     * Gives records new keys, and brings those of one key together, through a topic of its own with as many partitions as the stream
     * has. What is said of sources, watermarks and times is said before, and goes along: behind, the watermark is the least of all
     * partitions before, once each has reported.
     *
     * <p>A record without a new key is counted as rejected, in metrics under the name {@code name-rekey}. Late records have their new
     * keys. Unlike the rest, this takes three of the numbers that Kafka Streams gives to what has no name.
     *
     * @param keySerde of the new keys, whose bytes are in the topic as they are
     * @throws IllegalArgumentException if {@link Grouped} has no serde of the values
     */
    public <R> EventTimeWindows<R, V> rekey(KeyMapper<K, V, R> mapper, Serde<R> keySerde) {
        return rekey(mapper, keySerde, 0, 0);
    }

    /**
     * The same, where the topic is to have another number of partitions than the stream.
     *
     * @param partitionsBefore how many the stream has, that is, the largest number of any topic that is read for it
     * @param partitionsBehind how many the topic is to have
     */
    public <R> EventTimeWindows<R, V> rekey(
            KeyMapper<K, V, R> mapper, Serde<R> keySerde, int partitionsBefore, int partitionsBehind) {
        requireNonNull(mapper, "mapper");
        requireNonNull(keySerde, "keySerde");
        checkBeforeRekey();
        if (partitionsBefore < 0 || partitionsBehind < 0 || (partitionsBefore == 0) != (partitionsBehind == 0)) {
            throw new IllegalArgumentException(
                    name + ": " + partitionsBefore + " partitions before rekey(...) and " + partitionsBehind
                            + " behind are given, and have to be 1 or more: give both, or none for as many as before");
        }
        if (valueSerde == null) {
            throw new IllegalArgumentException(
                    name
                            + ": rekey(...) sends values through a topic, and has no serde of them: give Grouped.with(name, keys, values)");
        }
        KStream<Object, V> mapped = requireNonNull(stream, "stream")
                .process(
                        new RekeySupplier<>(Rekeys.settings(this, mapper, partitionsBefore)),
                        Named.as(name + "-rekey"));
        var repartitioned = Repartitioned.<Object, V>as(name + "-rekeyed")
                .withKeySerde(RekeySerdes.keys(keySerde))
                .withValueSerde(RekeySerdes.values(valueSerde))
                .withStreamPartitioner(RekeySerdes.partitioner());
        return new EventTimeWindows<>(
                this,
                mapped.repartition(
                        partitionsBehind == 0 ? repartitioned : repartitioned.withNumberOfPartitions(partitionsBehind)),
                keySerde);
    }

    /** Counts records by key and window. */
    public WindowedStreams<K, V, Long> count() {
        return count(Materialized.with(keySerde, Serdes.Long()));
    }

    /** Counts records by key and window, in this store. */
    public WindowedStreams<K, V, Long> count(Materialized<K, Long, KeyValueStore<Bytes, byte[]>> materialized) {
        return aggregate(Aggregates.count(), new WindowState<>(name, materialized).withValueSerde(Serdes.Long()));
    }

    /** Makes one value of two. A record without a value is rejected, and goes to the topology's handler of processing exceptions. */
    public WindowedStreams<K, V, V> reduce(Reducer<V> reducer) {
        return reduce(reducer, Materialized.with(keySerde, valueSerde));
    }

    /** Makes one value of two, in this store. */
    public WindowedStreams<K, V, V> reduce(
            Reducer<V> reducer, Materialized<K, V, KeyValueStore<Bytes, byte[]>> materialized) {
        requireNonNull(reducer, "reducer");
        return aggregate(Aggregates.reduce(reducer::apply), materialized);
    }

    /** Folds values as Kafka Streams does. An aggregator that gives null fails: there is no removing from a window. */
    public <A> WindowedStreams<K, V, A> aggregate(
            Initializer<A> initializer,
            Aggregator<? super K, ? super V, A> aggregator,
            Materialized<K, A, KeyValueStore<Bytes, byte[]>> materialized) {
        requireNonNull(initializer, "initializer");
        requireNonNull(aggregator, "aggregator");
        return aggregate(Aggregate.of(initializer::apply, aggregator::apply), materialized);
    }

    /**
     * Computes any aggregate.
     *
     * <p>One that throws rejects the record, and the topology's handler of processing exceptions decides about it: it may stop, and the
     * record comes again after a restart; or pass it over, and it is counted as rejected.
     *
     * @param materialized the serdes, and what the store is made of; its name is that of the store, if it has one
     * @throws IllegalArgumentException if a serde is missing, or the state would not survive
     * @throws IllegalStateException if settings do not fit each other
     */
    public <A> WindowedStreams<K, V, A> aggregate(
            Aggregate<K, V, A> aggregate, Materialized<K, A, KeyValueStore<Bytes, byte[]>> materialized) {
        requireNonNull(aggregate, "aggregate");
        requireNonNull(materialized, "materialized");
        String results = name + "-results";
        String late = name + "-late";
        WindowProcessorSupplier<K, V, A> supplier =
                EventTimeProcessor.supplier(this, aggregate, materialized).forwardingTo(results, late);
        KStream<Object, Object> judged = rekeyed == null
                ? requireNonNull(stream, "stream").process(supplier, Named.as(name))
                : rekeyed.process(supplier.behindRekey(), Named.as(name));
        return new WindowedStreams<>(
                judged.process(ForwardingProcessor::new, Named.as(results)),
                judged.process(ForwardingProcessor::new, Named.as(late)));
    }
}
