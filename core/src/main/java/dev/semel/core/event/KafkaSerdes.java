package dev.semel.core.event;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Kafka's serdes as an event serde. */
final class KafkaSerdes<K extends @Nullable Object, V extends @Nullable Object> implements EventSerde<K, V> {

    private final Deserializer<K> keyDeserializer;
    private final Deserializer<V> valueDeserializer;
    private final Serializer<?> keySerializer;
    private final Serializer<?> valueSerializer;

    KafkaSerdes(
            Deserializer<K> keyDeserializer,
            Deserializer<V> valueDeserializer,
            Serializer<?> keySerializer,
            Serializer<?> valueSerializer) {
        this.keyDeserializer = Objects.requireNonNull(keyDeserializer, "key deserializer");
        this.valueDeserializer = Objects.requireNonNull(valueDeserializer, "value deserializer");
        this.keySerializer = Objects.requireNonNull(keySerializer, "key serializer");
        this.valueSerializer = Objects.requireNonNull(valueSerializer, "value serializer");
    }

    @Override
    public K readKey(RawEvent event) {
        ConsumerRecord<byte[], byte[]> record = event.record();
        return keyDeserializer.deserialize(record.topic(), record.headers(), record.key());
    }

    @Override
    public V readValue(RawEvent event) {
        ConsumerRecord<byte[], byte[]> record = event.record();
        return valueDeserializer.deserialize(record.topic(), record.headers(), record.value());
    }

    @Override
    public byte @Nullable [] writeKey(String topic, Headers headers, @Nullable Object key) {
        return write(keySerializer, topic, headers, key);
    }

    @Override
    public byte @Nullable [] writeValue(String topic, Headers headers, @Nullable Object value) {
        return write(valueSerializer, topic, headers, value);
    }

    /** The serializer's own type check (a ClassCastException) is the check: an output has no static type. */
    @SuppressWarnings("unchecked")
    static byte @Nullable [] write(Serializer<?> serializer, String topic, Headers headers, @Nullable Object data) {
        return ((Serializer<@Nullable Object>) serializer).serialize(topic, headers, data);
    }
}
