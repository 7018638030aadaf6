package dev.semel.core.event;

import dev.semel.core.failure.UnreadableEventException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * How bytes become events, and results become bytes. {@link JsonEvents} reads JSON; {@link #of(Serde, Serde)} takes Kafka's own
 * serdes.
 *
 * <p>Threading: all methods are called by several threads at once.
 *
 * @param <K> the type of the key
 * @param <V> the type of the value
 */
public interface EventSerde<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * Reads the key.
     *
     * @throws UnreadableEventException or any other exception where it cannot be read; the failure policy then decides
     */
    K readKey(RawEvent event) throws Exception;

    /**
     * Reads the value.
     *
     * @throws UnreadableEventException or any other exception where it cannot be read; the failure policy then decides
     */
    V readValue(RawEvent event) throws Exception;

    /** Writes an output's key; {@code headers} are the output's and may be added to. */
    byte @Nullable [] writeKey(String topic, Headers headers, @Nullable Object key) throws Exception;

    /** Writes an output's value; {@code headers} are the output's and may be added to. */
    byte @Nullable [] writeValue(String topic, Headers headers, @Nullable Object value) throws Exception;

    /**
     * Checks what can be checked before the first record; called when a processor is built.
     *
     * @throws dev.semel.core.failure.ConfigurationException where it cannot work
     */
    default void check() {}

    /** Kafka's own serdes, for what is read and for what is sent. */
    static <K extends @Nullable Object, V extends @Nullable Object> EventSerde<K, V> of(Serde<K> key, Serde<V> value) {
        return of(key, value, key.serializer(), value.serializer());
    }

    /** Kafka's own serdes for what is read, and serializers for outputs of another type. */
    static <K extends @Nullable Object, V extends @Nullable Object> EventSerde<K, V> of(
            Serde<K> key, Serde<V> value, Serializer<?> outputKey, Serializer<?> outputValue) {
        return new KafkaSerdes<>(key.deserializer(), value.deserializer(), outputKey, outputValue);
    }
}
