package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.SorterEngineBuilder;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Processor;
import org.jspecify.annotations.Nullable;

/**
 * What a sorter is told.
 *
 * @param name of the operator
 * @param waitingStore the name of the store of what waits
 * @param controlStore the name of the store of what else is to survive
 * @param engine makes what starts an engine
 * @param sources makes readers of sources
 * @param kind what sources are
 * @param declared sources that are known from the beginning
 * @param topics that are read, as far as they were named: their partitions are known from the beginning
 * @param timestamps reads the time of an event; null where it is the record's own
 * @param keySerde of the keys
 * @param valueSerde of the values
 * @param lag what is left to be read; null for what the consumers say
 * @param ticks how often time is looked at
 * @param idleness after which silence a source is left out; null for never
 */
public record SorterSettings<K, V extends @Nullable Object>(
        String name,
        String waitingStore,
        String controlStore,
        Function<InputLag, SorterEngineBuilder> engine,
        Supplier<SourceReader<K, V>> sources,
        SourceKind kind,
        Set<String> declared,
        Set<String> topics,
        @Nullable EventTimestamps<K, V> timestamps,
        Serde<K> keySerde,
        Serde<V> valueSerde,
        @Nullable InputLag lag,
        Duration ticks,
        @Nullable Duration idleness)
        implements OrderSettings<K, V> {

    @Override
    public Processor<K, V, Object, Object> processor(Children children) {
        return new OrderProcessor<>(name, context -> new SorterTask<>(this, children, context));
    }
}
