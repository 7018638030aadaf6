package dev.semel.windowing;

import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Windowed;
import org.jspecify.annotations.Nullable;

/**
 * What comes out of windows. Neither stream has serdes, so that what follows names its own; and both count as having new keys, so that
 * grouping or joining them repartitions.
 *
 * @param results by key and window, with the largest event time of the window as timestamp
 * @param late records that came after all of their windows had been closed, as they came, with {@link WindowHeaders} that say why; they
 *     are counted whether anybody reads them or not
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @param <A> the type of the results
 */
public record WindowedStreams<K, V extends @Nullable Object, A>(KStream<Windowed<K>, A> results, KStream<K, V> late) {}
