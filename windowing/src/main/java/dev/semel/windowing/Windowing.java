package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.aggregate.MergeableAggregate;
import dev.semel.windowing.engine.Emission;
import dev.semel.windowing.engine.EngineBuilder;
import dev.semel.windowing.engine.MissingSource;
import dev.semel.windowing.engine.OpenStateLimit;
import dev.semel.windowing.engine.SessionEngine;
import dev.semel.windowing.engine.WindowAssigner;
import dev.semel.windowing.engine.WindowEngine;
import dev.semel.windowing.internal.streams.EngineFactory;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.internal.streams.TaskReports;
import dev.semel.windowing.internal.windows.Placement;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.errors.TopologyException;
import org.apache.kafka.streams.kstream.Named;
import org.jspecify.annotations.Nullable;

/**
 * What windows are told before they are given something to compute. Arguments are checked as they come, and against each other at the
 * end.
 *
 * <p>Threading: one thread, which builds the topology.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @param <B> the builder itself
 */
public abstract sealed class Windowing<K, V extends @Nullable Object, B extends Windowing<K, V, B>>
        permits EventTimeWindows, EventTimeProcessor {

    private static final long DEFAULT_HEAP = 64L << 20;
    private static final int DEFAULT_RESULTS_PER_CALL = 10_000;

    final String name;
    final @Nullable Serde<K> keySerde;

    private final WindowShape shape;
    private SourceExtractor<K, V> sources = SourceExtractor.partition();
    private final Set<String> declared = new LinkedHashSet<>();
    private WatermarkStrategy strategy = WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO);
    private Duration lateness = Duration.ZERO;
    private @Nullable EventTime<K, V> timestamps;
    private @Nullable Duration futureBound;
    private MissingSource missingSource = MissingSource.DEFAULT_SOURCE;
    private Emission emission = Emission.onClose();
    private OpenStateLimit limit = OpenStateLimit.none();
    private int resultsPerCall = DEFAULT_RESULTS_PER_CALL;
    private @Nullable InputLag lag;
    private StateWriting writing = StateWriting.THROUGH;
    private long heapBytes = DEFAULT_HEAP;
    private TaskReports reports = TaskReports.NONE;
    private final boolean isRekeyed;

    Windowing(String where, @Nullable String name, @Nullable Serde<K> keySerde) {
        if (name == null) {
            throw new IllegalArgumentException(
                    where + " needs a name, from which its stores and their topics have theirs: without"
                            + " one they would be numbered, and lost when the topology changes. Give Grouped.with(name, ...)");
        }
        try {
            Named.as(name).withName(name + "-windows");
        } catch (TopologyException e) {
            throw new IllegalArgumentException(where + ": '" + name + "' cannot be a name: " + e.getMessage(), e);
        }
        this.name = name;
        this.keySerde = keySerde;
        this.shape = new WindowShape(name);
        this.isRekeyed = false;
    }

    /** Behind a repartitioning: all the same, but for what has been decided before it. */
    Windowing(Windowing<?, V, ?> before, Serde<K> keySerde) {
        this.name = before.name;
        this.keySerde = keySerde;
        this.shape = before.shape;
        WatermarkStrategy upstream = WatermarkStrategy.fromUpstream().withTicks(before.strategy.ticks());
        this.strategy = before.strategy.isFlushing() ? upstream.withFlushWhenAllIdle() : upstream;
        this.lateness = before.lateness;
        this.emission = before.emission;
        this.limit = before.limit;
        this.resultsPerCall = before.resultsPerCall;
        this.lag = InputLag.none();
        this.writing = before.writing;
        this.heapBytes = before.heapBytes;
        this.reports = before.reports;
        this.isRekeyed = true;
    }

    abstract B self();

    private void notBehindRekey(String what) {
        if (isRekeyed) {
            throw new IllegalStateException(
                    name + ": " + what + "(...) is about the records as they come, before their keys are"
                            + " changed: say it before rekey(...)");
        }
    }

    /** Each event is in exactly one window of this size. */
    public final B tumbling(Duration newSize) {
        return hopping(newSize, newSize);
    }

    /** Each event is in all windows of this size that hold its time; one begins after each advance. */
    public final B hopping(Duration newSize, Duration newAdvance) {
        shape.hopping(newSize, newAdvance);
        return self();
    }

    /**
     * Events of one key that are no further apart than this are in one session. What is computed needs to be merged: counts, reductions and
     * what else is a {@link MergeableAggregate}. In panes there are no early results, and a late one may replace those of other sessions,
     * which {@link WindowHeaders#PANE_REPLACES} names.
     */
    public final B sessions(Duration gap) {
        shape.sessions(gap);
        return self();
    }

    /** Windows begin this much after whole multiples of their advance since 1970 in UTC. By default, zero. */
    public final B offset(Duration newOffset) {
        shape.offset(newOffset);
        return self();
    }

    /** Whose clocks the times of events are of. By default the partitions'. */
    public final B sources(SourceExtractor<K, V> extractor) {
        notBehindRekey("sources");
        sources = requireNonNull(extractor, "extractor");
        return self();
    }

    /** Sources that are waited for before their first event, in every task; a partition where it is read. */
    public final B declare(String... names) {
        notBehindRekey("declare");
        declared.addAll(Set.of(names));
        return self();
    }

    /** What becomes of records that say nothing of their source. By default they are all of one. */
    public final B missingSource(MissingSource policy) {
        notBehindRekey("missingSource");
        missingSource = requireNonNull(policy, "policy");
        return self();
    }

    /** How far event time has come. By default the events of each source are in order, and every source is waited for. */
    public final B watermarks(WatermarkStrategy newStrategy) {
        notBehindRekey("watermarks");
        requireNonNull(newStrategy, "strategy");
        if (!newStrategy.isFromEvents()) {
            throw new IllegalArgumentException(
                    "watermarks(fromUpstream()) is what follows rekey(...), which says so itself: give a strategy for events");
        }
        strategy = newStrategy;
        return self();
    }

    /**
     * How long a window accepts events after the watermark has passed its end. By default not at all.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public final B allowedLateness(Duration newLateness) {
        if (newLateness.isNegative()) {
            throw new IllegalArgumentException(
                    "the allowed lateness is " + newLateness + ", and has to be zero or more");
        }
        lateness = newLateness;
        return self();
    }

    /**
     * The time of an event. By default its record's timestamp. An event with a window that would begin before 1970 is rejected, since
     * windows of Kafka Streams cannot.
     */
    public final B timestamps(EventTime<K, V> newTimestamps) {
        notBehindRekey("timestamps");
        timestamps = requireNonNull(newTimestamps, "timestamps");
        return self();
    }

    /**
     * An event that is further ahead of its record's own timestamp than this is rejected. By default none is. It takes {@link
     * #timestamps}: without them the two are the same.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public final B futureGuard(Duration bound) {
        notBehindRekey("futureGuard");
        if (bound.isNegative()) {
            throw new IllegalArgumentException(
                    "the bound of the future guard is " + bound + ", and has to be zero or more");
        }
        futureBound = bound;
        return self();
    }

    /** When results go out. By default once, when a window closes. */
    public final B emission(Emission newEmission) {
        emission = requireNonNull(newEmission, "emission");
        return self();
    }

    /**
     * How much may be open at a time, in each task. A session of a key is a window. By default as much as there is room for. Where a
     * limit is to {@linkplain OpenStateLimit.Beyond#FAIL fail}, the task ends with an {@code Error}, which the topology's handler of
     * processing exceptions is not asked about.
     */
    public final B openState(OpenStateLimit newLimit) {
        limit = requireNonNull(newLimit, "limit");
        return self();
    }

    /** How many results a record or a tick may emit; what is left goes out with the next. By default 10,000. */
    public final B resultsPerCall(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "the largest number of results of a call is " + most + ", and has to be 1 or more");
        }
        resultsPerCall = most;
        return self();
    }

    /** What is left to be read. By default what {@link LagReporter} says; where that is not set up, no source is ever idle. */
    public final B lag(InputLag newLag) {
        notBehindRekey("lag");
        lag = requireNonNull(newLag, "lag");
        return self();
    }

    /**
     * About how many bytes of accumulators each task keeps on the heap, to read them without asking the store. By default 64 MB. Not for
     * sessions, which are not kept there.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public final B heap(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("the room on the heap is " + bytes + " bytes, and has to be 1 or more");
        }
        heapBytes = bytes;
        return self();
    }

    /**
     * Writes what has changed to the stores just before each commit, instead of at each change: a key that many records of a transaction
     * have is written once, and none goes through Kafka's own cache. It takes one more store, without a topic, by which it learns of
     * commits. Not for sessions, which are not kept on the heap, and are written with each change.
     *
     * <p>What an aggregate has changed in place before it threw is taken back here too. So an accumulator that can change, and has since
     * the last commit, is serialized before each further fold; those that are numbers, texts, times, constants or records of such are not.
     */
    public final B writeBeforeCommit() {
        writing = StateWriting.BACK;
        return self();
    }

    /** Who is told how each task stands, once a tick: what became of its records, and which source holds its windows open. */
    public final B reports(WindowReport.Listener listener) {
        requireNonNull(listener, "listener");
        reports = (task, engine, now) ->
                listener.report(new WindowReport(name, task, engine.watermark(), engine.accounts(), engine.wedge(now)));
        return self();
    }

    final TaskReports reports() {
        return reports;
    }

    final SourceExtractor<K, V> extractor() {
        return sources;
    }

    final Set<String> declared() {
        return Set.copyOf(declared);
    }

    final WatermarkStrategy strategy() {
        return strategy;
    }

    final @Nullable EventTime<K, V> eventTime() {
        return timestamps;
    }

    final @Nullable Duration futureBound() {
        return futureBound;
    }

    final MissingSource missing() {
        return missingSource;
    }

    final @Nullable InputLag inputLag() {
        return lag;
    }

    final StateWriting writing() {
        return shape.isOfSessions() ? StateWriting.THROUGH : writing;
    }

    final long heapBytes() {
        return heapBytes;
    }

    /** What has to be in order before a stream can be given new keys. */
    final void checkBeforeRekey() {
        notBehindRekey("rekey");
        checkGuard();
        checkSources();
    }

    private void checkSources() {
        if (declared.size() > strategy.maxSources()) {
            throw new IllegalStateException(
                    name + " declares " + declared.size() + " sources, and withMaxSources allows "
                            + strategy.maxSources() + ": allow at least as many, or declare fewer");
        }
    }

    private void checkGuard() {
        if (futureBound != null && timestamps == null) {
            throw new IllegalStateException(
                    name + " has a future guard, which compares the time of an event with its record's"
                            + " timestamp, and here they are the same: give timestamps(...)");
        }
    }

    final boolean isOfSessions() {
        return shape.isOfSessions();
    }

    /** Which times events can have, as far as windows have been said by then. */
    final Supplier<Placement> placements() {
        return shape::placement;
    }

    /** Checks all settings against each other; then it starts engines. */
    final <A> EngineFactory<K, V, A> engines(Aggregate<K, V, A> aggregate) {
        checkGuard();
        checkSources();
        if (shape.isOfSessions()) {
            return sessions(shape.gap(), aggregate);
        }
        WindowAssigner windows = shape.windows();
        return (state, control, stored, sink, itsLag, now) -> with(
                        WindowEngine.<K, V, A>of(windows, aggregate)
                                .emission(emission)
                                .openState(limit),
                        itsLag)
                .start(state.windows(stored), control, stored, sink, now);
    }

    private <A> EngineFactory<K, V, A> sessions(Duration gap, Aggregate<K, V, A> aggregate) {
        if (emission.isEarly()) {
            throw new IllegalStateException(
                    name + " has sessions with early results, and where a session begins and ends"
                            + " is not known before its end: leave out withEarly(...)");
        }
        if (!(aggregate instanceof MergeableAggregate<K, V, A> mergeable)) {
            throw new IllegalStateException(
                    name + " has sessions, two of which become one when an event falls between them:"
                            + " give an aggregate that merges, such as MergeableAggregate.of(initial, fold, merge)");
        }
        if (writing == StateWriting.BACK || heapBytes != DEFAULT_HEAP) {
            throw new IllegalStateException(
                    name + " has sessions, which are not kept on the heap and are written at each"
                            + " change: leave out writeBeforeCommit() and heap(...)");
        }
        return (state, control, stored, sink, itsLag, now) -> with(
                        SessionEngine.of(gap, mergeable).emission(emission).openState(limit), itsLag)
                .start(state.sessions(), control, stored, sink, now);
    }

    private <E extends EngineBuilder<E>> E with(E builder, InputLag itsLag) {
        E settings = builder.sources(sources.kind())
                .watermarks(strategy)
                .lag(itsLag)
                .allowedLateness(lateness)
                .missingSource(missingSource)
                .resultsPerCall(resultsPerCall)
                .earliestStart(WindowShape.EARLIEST_START);
        return futureBound == null ? settings : settings.futureGuard(futureBound);
    }
}
