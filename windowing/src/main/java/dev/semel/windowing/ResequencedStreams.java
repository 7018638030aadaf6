package dev.semel.windowing;

import org.apache.kafka.streams.kstream.KStream;
import org.jspecify.annotations.Nullable;

/**
 * What comes out of a resequencer: every record that goes in is in exactly one of the four, or waits. None of them has serdes, so that
 * what follows names its own; and all count as having new keys, so that grouping or joining them repartitions.
 *
 * @param resequenced records in the order of their numbers, by key, as they came
 * @param duplicates records whose number had had its turn, or was waiting, with {@link OrderHeaders} that say which was expected
 * @param gaps records that waited behind a gap which did not close, with {@link OrderHeaders}; nothing unless the policy says so
 * @param rejected records without a key, or whose number could not be read, with {@link OrderHeaders#REJECTED_REASON}
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record ResequencedStreams<K, V extends @Nullable Object>(
        KStream<K, V> resequenced, KStream<K, V> duplicates, KStream<K, V> gaps, KStream<K, V> rejected) {}
