package dev.semel.windowing.internal.streams;

import dev.semel.windowing.sequence.SequenceEngineBuilder;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Processor;
import org.jspecify.annotations.Nullable;

/**
 * What a resequencer is told.
 *
 * @param name of the operator
 * @param waitingStore the name of the store of keys and what waits for them
 * @param controlStore the name of the store of what else is to survive
 * @param engine starts engines
 * @param numbers reads the number of an event
 * @param keySerde of the keys
 * @param valueSerde of the values
 * @param ticks how often time is looked at
 */
public record SequenceSettings<K, V extends @Nullable Object>(
        String name,
        String waitingStore,
        String controlStore,
        SequenceEngineBuilder engine,
        Numbers<K, V> numbers,
        Serde<K> keySerde,
        Serde<V> valueSerde,
        Duration ticks)
        implements OrderSettings<K, V> {

    /** Reads numbers. */
    @FunctionalInterface
    public interface Numbers<K, V extends @Nullable Object> {

        /** The number of an event in the order of its key. */
        long number(K key, V value) throws Exception;
    }

    @Override
    public Processor<K, V, Object, Object> processor(Children children) {
        return new OrderProcessor<>(name, context -> new SequenceTask<>(this, children, context));
    }
}
