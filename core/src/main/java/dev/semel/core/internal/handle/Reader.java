package dev.semel.core.internal.handle;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.UnreadableEventException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Reads records as events. Called by lanes, several at once. */
public final class Reader<K extends @Nullable Object, V extends @Nullable Object> {

    private final EventSerde<K, V> serde;
    private final EventAttributes<V> attributes;

    public Reader(EventSerde<K, V> serde, EventAttributes<V> attributes) {
        this.serde = serde;
        this.attributes = attributes;
    }

    /** @throws UnreadableEventException whatever goes wrong */
    Event<K, V> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return attributes.read(withHeadersOfItsOwn(record), serde);
        } catch (UnreadableEventException e) {
            throw e;
        } catch (Exception e) {
            throw new UnreadableEventException(
                    FailureClass.DESERIALIZATION_FAILED, Fingerprint.place(e), "the serde failed: " + e, e);
        }
    }

    /** Deserializers and handlers may change headers; the next attempt and the letter need them as they came. */
    private static ConsumerRecord<byte[], byte[]> withHeadersOfItsOwn(ConsumerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                record.value(),
                new RecordHeaders(record.headers()),
                record.leaderEpoch());
    }
}
