package dev.semel.windowing.internal.streams;

import org.apache.kafka.streams.processor.api.Processor;
import org.jspecify.annotations.Nullable;

/**
 * What a sorter or a resequencer is told. One object for all tasks.
 *
 * @param <K> keys
 * @param <V> values
 */
public sealed interface OrderSettings<K, V extends @Nullable Object> permits SorterSettings, SequenceSettings {

    /** A processor for one task. */
    Processor<K, V, Object, Object> processor(Children children);

    /**
     * Where records are forwarded to.
     *
     * @param main what is in order; null for all children
     * @param first late records, or duplicates; null for nowhere: they are counted
     * @param second rejected records, or gaps; null for nowhere
     * @param third rejected records of a resequencer; null for nowhere
     */
    record Children(
            @Nullable String main,
            @Nullable String first,
            @Nullable String second,
            @Nullable String third) {}
}
