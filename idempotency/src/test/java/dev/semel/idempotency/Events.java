package dev.semel.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventSerde;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Subject;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Events as a processor reads them, for tests without one. */
public final class Events {

    public static final long TIME = 1_767_225_600_000L;

    private Events() {}

    /** The event of a record of partition 2 of topic {@code orders}, with or without an id. */
    public static Event<String, String> event(long offset, @Nullable String id, String value) {
        Headers headers = new RecordHeaders();
        if (id != null) {
            headers.add("ce_id", id.getBytes(UTF_8)).add("ce_source", "order-service".getBytes(UTF_8));
        }
        var record = new ConsumerRecord<>(
                "orders",
                2,
                offset,
                TIME,
                TimestampType.CREATE_TIME,
                3,
                value.length(),
                "key".getBytes(UTF_8),
                value.getBytes(UTF_8),
                headers,
                Optional.empty());
        try {
            return EventAttributes.<String>cloudEvents().read(record, EventSerde.of(Serdes.String(), Serdes.String()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The record of an event. */
    public static Subject subject(Event<String, String> event) {
        return subject(event, TIME);
    }

    /** The same, with a timestamp. */
    public static Subject subject(Event<String, String> event, long timestamp) {
        return new Record(event.position(), event, event.value().getBytes(UTF_8), timestamp);
    }

    /** A record that could not be read. */
    public static Subject unreadable(long offset) {
        return new Record(new RecordPosition("orders", 2, offset), null, new byte[] {1}, TIME);
    }

    private record Record(RecordPosition position, @Nullable Event<?, ?> event, byte @Nullable [] value, long timestamp)
            implements Subject {
        @Override
        public Headers headers() {
            return new RecordHeaders();
        }

        @Override
        public @Nullable Redelivery redelivery() {
            return null;
        }

        @Override
        public byte @Nullable [] key() {
            return "key".getBytes(UTF_8);
        }
    }
}
