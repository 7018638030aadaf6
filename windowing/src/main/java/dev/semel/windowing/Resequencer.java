package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.internal.streams.ForwardingProcessor;
import dev.semel.windowing.internal.streams.OrderSettings.Children;
import dev.semel.windowing.internal.streams.SequenceSettings;
import dev.semel.windowing.sequence.GapPolicy;
import dev.semel.windowing.sequence.GapReason;
import dev.semel.windowing.sequence.HeapSequenceStore;
import dev.semel.windowing.sequence.SequenceEngine;
import dev.semel.windowing.sequence.SequenceEngineBuilder;
import dev.semel.windowing.sequence.SequenceSink;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of each key of a stream of Kafka Streams in the order of their numbers:
 *
 * <pre>{@code
 * var orders = Resequencer.of(stream, Grouped.with("order-steps", Serdes.String(), orderSerde))
 *         .sequence((id, event) -> event.step())
 *         .firstExpected(1)
 *         .gapBound(Duration.ofMinutes(10), 100)
 *         .onGap(GapPolicy.DEAD_LETTER)
 *         .resequence();
 * orders.resequenced().to("orders-in-order", ...);
 * orders.gaps().to("orders-waiting-for-a-predecessor", ...);
 * }</pre>
 *
 * <p>A record that comes early waits for its predecessors. One whose number has had its turn, or waits already, is a duplicate. A gap that
 * does not close within its bound ends as {@link GapPolicy} says. Each record keeps its key, value, headers and timestamp.
 *
 * <p>How long a gap has been open is counted while the task runs, by a punctuator of the wall clock: a restart takes nothing from it,
 * and downtime, or a thread that stands still for an hour, adds at most one tick. It is not counted by events, so that what comes too
 * late for its gap may come in time in a replay.
 *
 * <h2>In the topology</h2>
 *
 * <p>The name begins those of the processors, {@code name}, {@code name-resequenced}, {@code name-duplicates}, {@code name-gaps} and
 * {@code name-rejected}, and of the stores, {@code name-waiting} and {@code name-control}. None of Kafka Streams' numbers is taken. What
 * waits is in the store, in RocksDB unless said otherwise, and not on the heap; so is the number that each key expects, a few dozen bytes
 * for every key there has ever been. The stream is not repartitioned: all records of a key have to be in one partition. It takes {@code
 * processing.guarantee=exactly_once_v2}; with less it warns, and records may go out twice after a crash.
 *
 * <p>Threading: one thread, which builds the topology.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class Resequencer<K, V extends @Nullable Object> {

    private final @Nullable KStream<K, V> stream;
    private OrderState<K, V> state;
    private final SequenceEngineBuilder engine = SequenceEngine.builder().resultsPerCall(1_000);
    private @Nullable SequenceNumber<K, V> numbers;
    private Duration ticks = Duration.ofSeconds(1);

    private Resequencer(@Nullable KStream<K, V> stream, OrderState<K, V> state) {
        this.stream = stream;
        this.state = state;
    }

    /**
     * Begins a resequencer of a stream, which ends in {@link #resequence}.
     *
     * @param grouped with a name and both serdes; the stream has its keys already
     * @throws IllegalArgumentException if one of the three is missing
     */
    public static <K, V extends @Nullable Object> Resequencer<K, V> of(KStream<K, V> stream, Grouped<K, V> grouped) {
        return new Resequencer<>(
                requireNonNull(stream, "stream"), OrderState.of("Resequencer.of", requireNonNull(grouped, "grouped")));
    }

    /**
     * Begins a resequencer for the Processor API, which ends in {@link #processor}.
     *
     * @param name from which the stores have their names, and those their topics
     * @throws IllegalArgumentException if Kafka does not take it for a name
     */
    public static <K, V extends @Nullable Object> Resequencer<K, V> named(
            String name, Serde<K> keySerde, Serde<V> valueSerde) {
        return new Resequencer<>(null, OrderState.of("Resequencer.named", name, keySerde, valueSerde));
    }

    /** The number of a record in the order of its key. To be said in any case. */
    public Resequencer<K, V> sequence(SequenceNumber<K, V> newNumbers) {
        numbers = requireNonNull(newNumbers, "numbers");
        return this;
    }

    /** Each key begins with this number: a lower one is a duplicate, a higher one waits. */
    public Resequencer<K, V> firstExpected(long number) {
        engine.firstExpected(number);
        return this;
    }

    /** Each key begins with the number that comes first, whichever it is: a lower one that comes later is a duplicate. */
    public Resequencer<K, V> firstSeen() {
        engine.firstSeen();
        return this;
    }

    /**
     * How long a gap may be open, at least a tick, and how many records of a key may wait behind it; one more ends it. By default any
     * number, for ever, which only {@link GapPolicy#HOLD} allows.
     *
     * @throws IllegalArgumentException if one of them is not positive
     */
    public Resequencer<K, V> gapBound(Duration time, int count) {
        engine.gapBound(time, count);
        return this;
    }

    /** What becomes of what waits when a gap's bound is over. To be said in any case. */
    public Resequencer<K, V> onGap(GapPolicy policy) {
        engine.onGap(policy);
        return this;
    }

    /**
     * How many records that have waited a record or a tick may release; what is left goes out with the next. By default 1,000: what is
     * released at once is in one transaction, which has its time.
     */
    public Resequencer<K, V> resultsPerCall(int most) {
        engine.resultsPerCall(most);
        return this;
    }

    /** How often gaps are looked at, by default each second. A gap ends with the first tick after its time is over. */
    public Resequencer<K, V> ticks(Duration interval) {
        engine.ticks(interval);
        ticks = interval;
        return this;
    }

    /** What the store of waiting records is made of, and what it is called. By default RocksDB, and {@code name-waiting}. */
    public Resequencer<K, V> storedIn(KeyValueBytesStoreSupplier supplier) {
        state = state.in(requireNonNull(supplier, "supplier"));
        return this;
    }

    private OrderProcessorSupplier<K, V> supplier(Children children) {
        SequenceNumber<K, V> itsNumbers = numbers;
        if (itsNumbers == null) {
            throw new IllegalStateException(
                    state.name() + " is not told which number a record has: say sequence((key, value) -> ...)");
        }
        // Settings are checked against each other where an engine starts: one starts here, on nothing.
        engine.start(new HeapSequenceStore<String, String>(), new Nowhere(), 0);
        var settings = new SequenceSettings<>(
                state.name(),
                state.waitingStore(),
                state.controlStore(),
                engine,
                itsNumbers::of,
                state.keySerde(),
                state.valueSerde(),
                ticks);
        return new OrderProcessorSupplier<>(settings, state, children);
    }

    /** Of an engine that takes nothing. */
    private static final class Nowhere implements SequenceSink<String, String> {

        @Override
        public void next(String key, long number, String event) {}

        @Override
        public void gap(String key, long number, String event, long expected, GapReason reason) {}
    }

    /**
     * Puts the stream in order.
     *
     * @throws IllegalStateException if a setting is missing, settings do not fit each other, or there is no stream
     */
    public ResequencedStreams<K, V> resequence() {
        if (stream == null) {
            throw new IllegalStateException(state.name()
                    + " has no stream to put in order: begin with of(stream, ...), or end with processor(...)");
        }
        String resequenced = state.name() + "-resequenced";
        String duplicates = state.name() + "-duplicates";
        String gaps = state.name() + "-gaps";
        String rejected = state.name() + "-rejected";
        KStream<Object, Object> judged =
                stream.process(supplier(new Children(resequenced, duplicates, gaps, rejected)), Named.as(state.name()));
        return new ResequencedStreams<>(
                judged.process(ForwardingProcessor::new, Named.as(resequenced)),
                judged.process(ForwardingProcessor::new, Named.as(duplicates)),
                judged.process(ForwardingProcessor::new, Named.as(gaps)),
                judged.process(ForwardingProcessor::new, Named.as(rejected)));
    }

    /** The resequencer as a processor that forwards to these of its children, by their names. */
    public OrderProcessorSupplier<K, V> processor(String resequenced, String duplicates, String gaps, String rejected) {
        return supplier(new Children(
                requireNonNull(resequenced, "resequenced"),
                requireNonNull(duplicates, "duplicates"),
                requireNonNull(gaps, "gaps"),
                requireNonNull(rejected, "rejected")));
    }
}
