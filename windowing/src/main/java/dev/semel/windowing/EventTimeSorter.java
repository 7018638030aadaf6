package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.engine.MissingSource;
import dev.semel.windowing.engine.OpenStateLimit;
import dev.semel.windowing.engine.SorterEngine;
import dev.semel.windowing.engine.SorterEngineBuilder;
import dev.semel.windowing.internal.streams.EventTimestamps;
import dev.semel.windowing.internal.streams.ForwardingProcessor;
import dev.semel.windowing.internal.streams.OrderSettings.Children;
import dev.semel.windowing.internal.streams.SorterSettings;
import dev.semel.windowing.state.HeapSortStore;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts a stream of Kafka Streams in the order of event time:
 *
 * <pre>{@code
 * var trades = EventTimeSorter.of(stream, Grouped.with("in-order", Serdes.String(), tradeSerde))
 *         .sources(SourceExtractor.header("ce_source"))
 *         .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(10)))
 *         .sort();
 * trades.sorted().to("trades-in-order", ...);
 * trades.late().to("trades-late", ...);
 * }</pre>
 *
 * <p>A record waits until the watermark, the least mark of all sources, has passed its time; records of one time go out in the order in
 * which they came. One that comes when the watermark has passed its time is late. The order is that of a task: of all that the partitions
 * with one number have, whatever the keys; a record without a key is sorted like any other. Each record keeps its key, value, headers
 * and timestamp.
 *
 * <p>The greater the bound of disorder, the fewer are late, and the longer all wait. A source that stalls holds everything back: give the
 * strategy an idleness.
 *
 * <h2>In the topology</h2>
 *
 * <p>The name begins those of the processors, {@code name}, {@code name-sorted}, {@code name-late} and {@code name-rejected}, and of the
 * stores, {@code name-waiting} and {@code name-control}. None of Kafka Streams' numbers is taken. What waits is in the store, in RocksDB
 * unless said otherwise, and not on the heap. It takes {@code processing.guarantee=exactly_once_v2}; with less it warns, and
 * records may go out twice after a crash.
 *
 * <p>Threading: one thread, which builds the topology.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class EventTimeSorter<K, V extends @Nullable Object> {

    private final @Nullable KStream<K, V> stream;
    private OrderState<K, V> state;
    private SourceExtractor<K, V> sources = SourceExtractor.partition();
    private final Set<String> declared = new LinkedHashSet<>();
    private WatermarkStrategy strategy = WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO);
    private @Nullable EventTime<K, V> timestamps;
    private @Nullable Duration futureBound;
    private MissingSource missingSource = MissingSource.DEFAULT_SOURCE;
    private OpenStateLimit limit = OpenStateLimit.none();
    private int resultsPerCall = 1_000;
    private @Nullable InputLag lag;

    private EventTimeSorter(@Nullable KStream<K, V> stream, OrderState<K, V> state) {
        this.stream = stream;
        this.state = state;
    }

    /**
     * Begins a sorter of a stream, which ends in {@link #sort}.
     *
     * @param grouped with a name and both serdes; nothing is grouped by it
     * @throws IllegalArgumentException if one of the three is missing
     */
    public static <K, V extends @Nullable Object> EventTimeSorter<K, V> of(
            KStream<K, V> stream, Grouped<K, V> grouped) {
        return new EventTimeSorter<>(
                requireNonNull(stream, "stream"),
                OrderState.of("EventTimeSorter.of", requireNonNull(grouped, "grouped")));
    }

    /**
     * Begins a sorter for the Processor API, which ends in {@link #processor}.
     *
     * @param name from which the stores have their names, and those their topics
     * @throws IllegalArgumentException if Kafka does not take it for a name
     */
    public static <K, V extends @Nullable Object> EventTimeSorter<K, V> named(
            String name, Serde<K> keySerde, Serde<V> valueSerde) {
        return new EventTimeSorter<>(null, OrderState.of("EventTimeSorter.named", name, keySerde, valueSerde));
    }

    /** Whose clocks the times of events are of. By default the partitions'. */
    public EventTimeSorter<K, V> sources(SourceExtractor<K, V> extractor) {
        sources = requireNonNull(extractor, "extractor");
        return this;
    }

    /** Sources that are waited for before their first event, in every task; a partition where it is read. */
    public EventTimeSorter<K, V> declare(String... names) {
        declared.addAll(Set.of(names));
        return this;
    }

    /** What becomes of records that say nothing of their source. By default they are all of one. */
    public EventTimeSorter<K, V> missingSource(MissingSource policy) {
        missingSource = requireNonNull(policy, "policy");
        return this;
    }

    /** How far event time has come. By default the events of each source are in order, and every source is waited for. */
    public EventTimeSorter<K, V> watermarks(WatermarkStrategy newStrategy) {
        if (!newStrategy.isFromEvents()) {
            throw new IllegalArgumentException(
                    "watermarks(fromUpstream()) is what follows a repartitioning that carries"
                            + " marks, and a sorter has none before it: give a strategy for events");
        }
        strategy = newStrategy;
        return this;
    }

    /** The time of an event. By default its record's timestamp. It is what is sorted by; the record keeps its timestamp. */
    public EventTimeSorter<K, V> timestamps(EventTime<K, V> newTimestamps) {
        timestamps = requireNonNull(newTimestamps, "timestamps");
        return this;
    }

    /**
     * An event that is further ahead of its record's own timestamp than this is rejected. By default none is. It takes {@link
     * #timestamps}: without them the two are the same.
     */
    public EventTimeSorter<K, V> futureGuard(Duration bound) {
        futureBound = requireNonNull(bound, "bound");
        return this;
    }

    /**
     * How many records may wait in each task, or how many bytes, and what becomes of one more. By default there is no limit. Where a limit
     * is to {@linkplain OpenStateLimit.Beyond#FAIL fail}, the task ends with an {@code Error}, which the topology's handler of processing
     * exceptions is not asked about.
     */
    public EventTimeSorter<K, V> waiting(OpenStateLimit newLimit) {
        limit = requireNonNull(newLimit, "limit");
        return this;
    }

    /**
     * How many records that have waited a record or a tick may release; what is left goes out with the next. By default 1,000: what is
     * released at once is in one transaction, which has its time.
     */
    public EventTimeSorter<K, V> resultsPerCall(int most) {
        resultsPerCall = most;
        return this;
    }

    /** What is left to be read. By default what {@link LagReporter} says; where that is not set up, no source is ever idle. */
    public EventTimeSorter<K, V> lag(InputLag newLag) {
        lag = requireNonNull(newLag, "lag");
        return this;
    }

    /** What the store of waiting records is made of, and what it is called. By default RocksDB, and {@code name-waiting}. */
    public EventTimeSorter<K, V> storedIn(KeyValueBytesStoreSupplier supplier) {
        state = state.in(requireNonNull(supplier, "supplier"));
        return this;
    }

    private SorterEngineBuilder engine(InputLag itsLag) {
        SorterEngineBuilder builder = SorterEngine.builder()
                .sources(sources.kind())
                .watermarks(strategy)
                .lag(itsLag)
                .missingSource(missingSource)
                .resultsPerCall(resultsPerCall)
                .waiting(limit);
        return futureBound == null ? builder : builder.futureGuard(futureBound);
    }

    private OrderProcessorSupplier<K, V> supplier(Children children) {
        if (futureBound != null && timestamps == null) {
            throw new IllegalStateException(state.name()
                    + " has a future guard, which compares the time of an event with its record's timestamp, and here they"
                    + " are the same: give timestamps(...)");
        }
        // Settings are checked against each other where an engine starts: one starts here, on nothing.
        engine(InputLag.none()).start(new HeapSortStore<String>(String::length), (time, event) -> {}, 0);
        EventTime<K, V> eventTime = timestamps;
        EventTimestamps<K, V> itsTimestamps = eventTime == null ? null : eventTime::timestamp;
        var settings = new SorterSettings<>(
                state.name(),
                state.waitingStore(),
                state.controlStore(),
                this::engine,
                sources.readers(),
                sources.kind(),
                Set.copyOf(declared),
                sources.topics(),
                itsTimestamps,
                state.keySerde(),
                state.valueSerde(),
                lag,
                strategy.ticks(),
                strategy.idleness().orElse(null));
        return new OrderProcessorSupplier<>(settings, state, children);
    }

    /**
     * Sorts the stream.
     *
     * @throws IllegalStateException if settings do not fit each other, or there is no stream
     */
    public SortedStreams<K, V> sort() {
        if (stream == null) {
            throw new IllegalStateException(
                    state.name() + " has no stream to sort: begin with of(stream, ...), or end with processor(...)");
        }
        String sorted = state.name() + "-sorted";
        String late = state.name() + "-late";
        String rejected = state.name() + "-rejected";
        KStream<Object, Object> judged =
                stream.process(supplier(new Children(sorted, late, rejected, null)), Named.as(state.name()));
        return new SortedStreams<>(
                judged.process(ForwardingProcessor::new, Named.as(sorted)),
                judged.process(ForwardingProcessor::new, Named.as(late)),
                judged.process(ForwardingProcessor::new, Named.as(rejected)));
    }

    /** The sorter as a processor that forwards what is in order to all of its children; late and rejected records are counted. */
    public OrderProcessorSupplier<K, V> processor() {
        return supplier(new Children(null, null, null, null));
    }

    /** The sorter as a processor that forwards to these of its children, by their names. */
    public OrderProcessorSupplier<K, V> processor(String sorted, String late, String rejected) {
        return supplier(new Children(
                requireNonNull(sorted, "sorted"),
                requireNonNull(late, "late"),
                requireNonNull(rejected, "rejected"),
                null));
    }
}
