package dev.semel.idempotency.streams;

import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event's id from the record that carries it: from its key, value, headers or timestamp.
 *
 * <p>Called by several threads, each with records of its own. What it throws ends in a {@link
 * org.apache.kafka.streams.errors.StreamsException} that names the record.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface IdExtractor<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * The id of an event, the same for each copy of it and for no other event.
     *
     * @return null, or an empty text, where the record has none: {@link MissingId} decides
     */
    @Nullable String id(Record<K, V> record) throws Exception;
}
