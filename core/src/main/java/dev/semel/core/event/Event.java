package dev.semel.core.event;

import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An event as a handler sees it.
 *
 * @param id its identity; where the record carries none, its position in Kafka
 * @param type what kind of event it is, for example {@code OrderPlaced}; null where the record does not say
 * @param version the version of its schema that was written, from 1; {@code value} is in the reader's version
 * @param time when it happened; where the record does not say, the record's timestamp
 * @param subject what it is about, or null
 * @param key the record's key
 * @param value what it says; null only where the serde reads a null as one
 * @param headers the record's headers; read-only
 * @param position where it was read
 * @param <K> the type of the key
 * @param <V> the type of the value
 */
public record Event<K extends @Nullable Object, V extends @Nullable Object>(
        EventId id,
        @Nullable String type,
        int version,
        Instant time,
        @Nullable String subject,
        K key,
        V value,
        Headers headers,
        RecordPosition position) {

    public Event {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(position, "position");
        if (version < 1) {
            throw new IllegalArgumentException("version must be at least 1, was " + version);
        }
    }
}
