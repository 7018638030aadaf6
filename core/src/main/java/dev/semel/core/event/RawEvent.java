package dev.semel.core.event;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record about to be read as an event.
 *
 * @param record the record, bytes untouched
 * @param type the type it says it has, or null
 * @param version the version of its schema, from 1
 */
public record RawEvent(
        ConsumerRecord<byte[], byte[]> record, @Nullable String type, int version) {

    public RawEvent {
        Objects.requireNonNull(record, "record");
    }
}
