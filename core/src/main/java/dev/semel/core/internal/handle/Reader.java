package dev.semel.core.internal.handle;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.Fingerprint;
import dev.semel.core.failure.UnreadableEventException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
            return attributes.read(record, serde);
        } catch (UnreadableEventException e) {
            throw e;
        } catch (Exception e) {
            throw new UnreadableEventException(
                    FailureClass.DESERIALIZATION_FAILED, Fingerprint.place(e), "the serde failed: " + e, e);
        }
    }

    /** Reads it for participants only, which are to know it by its event. */
    void name(Delivery delivery) {
        try {
            delivery.isRead(read(delivery.record()));
        } catch (UnreadableEventException e) {
            // They know it by its bytes, then.
        }
    }
}
