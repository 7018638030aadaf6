package dev.semel.idempotency.streams;

import org.apache.kafka.streams.kstream.KStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream, split by {@link Deduplicate#split}.
 *
 * @param passed the records that passed
 * @param duplicates the duplicates, as they arrived
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record Deduplicated<K extends @Nullable Object, V extends @Nullable Object>(
        KStream<K, V> passed, KStream<K, V> duplicates) {}
