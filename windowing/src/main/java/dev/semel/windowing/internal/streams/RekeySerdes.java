package dev.semel.windowing.internal.streams;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/** How keys, values and markers go through a repartition topic. The bytes of a user's key are the user's. */
public final class RekeySerdes {

    private static final byte[] YES = {1};

    private RekeySerdes() {}

    /** Keys: the user's, or markers, which a header tells apart. */
    public static <K> Serde<Object> keys(Serde<K> user) {
        return new KeySerde<>(user);
    }

    /** Values: the user's, or none, of which user's serde is not asked. */
    public static <V extends @Nullable Object> Serde<V> values(Serde<V> user) {
        return new ValueSerde<>(user);
    }

    /** Markers go everywhere, and records where their key's bytes say. */
    public static <V extends @Nullable Object> StreamPartitioner<Object, V> partitioner() {
        return (topic, key, value, partitions) -> {
            if (key instanceof Marker marker) {
                marker.broadcast(partitions);
                Set<Integer> all = IntStream.range(0, partitions).boxed().collect(Collectors.toSet());
                return Optional.of(all);
            }
            return Optional.empty();
        };
    }

    private record KeySerde<K>(Serde<K> user) implements Serde<Object>, Serializer<Object>, Deserializer<Object> {

        @Override
        public Serializer<Object> serializer() {
            return this;
        }

        @Override
        public Deserializer<Object> deserializer() {
            return this;
        }

        @Override
        public byte[] serialize(String topic, Object data) {
            throw new UnsupportedOperationException("keys of a repartition topic are written with their headers");
        }

        @Override
        @SuppressWarnings("unchecked")
        public byte[] serialize(String topic, Headers headers, Object data) {
            if (data instanceof Marker marker) {
                headers.remove(HeaderNames.MARKER);
                headers.add(HeaderNames.MARKER, YES);
                return marker.bytes();
            }
            return user.serializer().serialize(topic, headers, (K) data);
        }

        @Override
        public Object deserialize(String topic, byte[] data) {
            throw new UnsupportedOperationException("keys of a repartition topic are read with their headers");
        }

        @Override
        public Object deserialize(String topic, Headers headers, byte[] data) {
            return headers.lastHeader(HeaderNames.MARKER) == null
                    ? user.deserializer().deserialize(topic, headers, data)
                    : Marker.of(data);
        }

        @Override
        public void configure(java.util.Map<String, ?> configs, boolean isKey) {
            user.configure(configs, isKey);
        }

        @Override
        public void close() {
            user.close();
        }
    }

    private record ValueSerde<V extends @Nullable Object>(Serde<V> user)
            implements Serde<V>, Serializer<V>, Deserializer<V> {

        @Override
        public Serializer<V> serializer() {
            return this;
        }

        @Override
        public Deserializer<V> deserializer() {
            return this;
        }

        @Override
        public byte @Nullable [] serialize(String topic, @Nullable V data) {
            return data == null ? null : user.serializer().serialize(topic, data);
        }

        @Override
        public byte @Nullable [] serialize(String topic, Headers headers, @Nullable V data) {
            return data == null ? null : user.serializer().serialize(topic, headers, data);
        }

        @Override
        public @Nullable V deserialize(String topic, byte @Nullable [] data) {
            return data == null ? null : user.deserializer().deserialize(topic, data);
        }

        @Override
        public @Nullable V deserialize(String topic, Headers headers, byte @Nullable [] data) {
            return data == null ? null : user.deserializer().deserialize(topic, headers, data);
        }

        @Override
        public void configure(java.util.Map<String, ?> configs, boolean isKey) {
            user.configure(configs, isKey);
        }

        @Override
        public void close() {
            user.close();
        }
    }
}
