package dev.semel.windowing.internal.streams;

import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * What the processor of windows is told. One object for all tasks.
 *
 * @param name of the operator
 * @param isOfSessions whether windows are sessions
 * @param windowsStore the name of the store of the accumulators
 * @param controlStore the name of the store of what else is to survive
 * @param commitsStore the name of the store that tells of commits; null where each change is written at once
 * @param engine makes engines
 * @param sources makes readers of sources
 * @param kind what sources are
 * @param declared sources that are known from the beginning
 * @param topics that are read, as far as they were named: their partitions are known from the beginning
 * @param timestamps reads the time of an event; null where it is the record's own
 * @param keySerde of the user's keys
 * @param accumulatorSerde of accumulators
 * @param lag what is left to be read; null for what the consumers say
 * @param ticks how often time is looked at
 * @param idleness after which silence a source is left out; null for never
 * @param reports takes a report of each task at each tick
 * @param heapBound about how many bytes of accumulators may be on the heap, for each task
 * @param resultsChild where results are forwarded to; null for all children
 * @param lateChild where late records are forwarded to; null for nowhere: they are counted
 */
public record WindowSettings<K, V extends @Nullable Object, A>(
        String name,
        boolean isOfSessions,
        String windowsStore,
        String controlStore,
        @Nullable String commitsStore,
        EngineFactory<K, V, A> engine,
        Supplier<SourceReader<K, V>> sources,
        SourceKind kind,
        Set<String> declared,
        Set<String> topics,
        @Nullable EventTimestamps<K, V> timestamps,
        Serde<K> keySerde,
        Serde<A> accumulatorSerde,
        @Nullable InputLag lag,
        Duration ticks,
        @Nullable Duration idleness,
        TaskReports reports,
        long heapBound,
        @Nullable String resultsChild,
        @Nullable String lateChild) {

    /** The same, with other children. */
    public WindowSettings<K, V, A> forwardingTo(String results, String late) {
        return new WindowSettings<>(
                name,
                isOfSessions,
                windowsStore,
                controlStore,
                commitsStore,
                engine,
                sources,
                kind,
                declared,
                topics,
                timestamps,
                keySerde,
                accumulatorSerde,
                lag,
                ticks,
                idleness,
                reports,
                heapBound,
                results,
                late);
    }
}
