package dev.semel.windowing;

import org.apache.kafka.streams.kstream.KStream;
import org.jspecify.annotations.Nullable;

/**
 * What comes out of a sorter: every record that goes in is in exactly one of the three, or waits. None of them has serdes, so that what
 * follows names its own; and all count as having new keys, so that grouping or joining them repartitions.
 *
 * @param sorted records in the order of their event time, as they came
 * @param late records that came when the watermark had passed their time, with {@link WindowHeaders} that say by which
 * @param rejected records that could not be judged, with {@link OrderHeaders#REJECTED_REASON}
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record SortedStreams<K, V extends @Nullable Object>(
        KStream<K, V> sorted, KStream<K, V> late, KStream<K, V> rejected) {}
