package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.MissingSource;
import dev.semel.windowing.internal.windows.Placement;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the processor before a repartitioning is told.
 *
 * @param name of the operator
 * @param store the name of the store of the marks
 * @param commitsStore the name of the store that tells of commits; null where each change is written at once
 * @param mapper gives new keys
 * @param upstreamPartitions how many partitions the stream has; 0 for as many as there are behind the repartitioning
 * @param placements say which times events can have, for each task one; to be asked when the topology is complete
 */
public record RekeySettings<K extends @Nullable Object, V extends @Nullable Object, R>(
        String name,
        String store,
        @Nullable String commitsStore,
        Mapper<K, V, R> mapper,
        int upstreamPartitions,
        Supplier<Placement> placements,
        WatermarkStrategy strategy,
        SourceKind kind,
        Supplier<SourceReader<K, V>> sources,
        Set<String> declared,
        Set<String> topics,
        MissingSource missingSource,
        @Nullable EventTimestamps<K, V> timestamps,
        @Nullable Duration futureBound,
        @Nullable InputLag lag) {

    /** Gives a record its new key. */
    @FunctionalInterface
    public interface Mapper<K extends @Nullable Object, V extends @Nullable Object, R> {

        /** The new key; null for none, which is a reason to reject the record. */
        @Nullable R key(K key, V value);
    }
}
