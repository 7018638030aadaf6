package dev.semel.windowing.internal.streams;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Stored records: a version, a number of whoever stores them, the timestamp, key and value in the user's bytes, and the headers.
 *
 * <p>Threading: that of the serdes.
 *
 * @param <K> keys
 * @param <V> values
 */
final class RecordFormat<K, V extends @Nullable Object> {

    private static final int VERSION = 1;

    private final Serde<K> keySerde;
    private final Serde<V> valueSerde;
    private final String topic;

    /** @param topic that serdes are told */
    RecordFormat(Serde<K> keySerde, Serde<V> valueSerde, String topic) {
        this.keySerde = keySerde;
        this.valueSerde = valueSerde;
        this.topic = topic;
    }

    /**
     * A record as it was stored.
     *
     * @param number of whoever stored it
     */
    record Stored<K, V extends @Nullable Object>(long number, Record<K, V> record) {}

    /** A key in the user's bytes. */
    byte[] key(K key) {
        byte[] bytes = keySerde.serializer().serialize(topic, key);
        if (bytes == null) {
            throw new IllegalStateException("the serializer of the keys made nothing of " + key.getClass()
                    + ": a key that is there has to have bytes");
        }
        return bytes;
    }

    /** A key of the user's bytes. */
    K key(byte[] bytes) {
        return keySerde.deserializer().deserialize(topic, bytes);
    }

    byte[] write(long number, Record<K, V> record) {
        var out = new ValueWriter(VERSION).number(number).number(record.timestamp());
        K key = record.key();
        optional(out, key == null ? null : keySerde.serializer().serialize(topic, record.headers(), key));
        V value = record.value();
        optional(out, value == null ? null : valueSerde.serializer().serialize(topic, record.headers(), value));
        Header[] headers = record.headers().toArray();
        out.number(headers.length);
        for (Header header : headers) {
            out.text(header.key());
            optional(out, header.value());
        }
        return out.bytes();
    }

    private static void optional(ValueWriter out, byte @Nullable [] bytes) {
        out.number(bytes == null ? 0 : 1);
        if (bytes != null) {
            out.block(bytes);
        }
    }

    private static byte @Nullable [] optional(ValueReader in) {
        return in.number() == 0 ? null : in.block();
    }

    /** The record that was stored. A null stays one, whatever the deserializer makes of it. */
    @SuppressWarnings("NullAway") // A record's key and value may be null, and Kafka's types do not say so.
    Stored<K, V> read(byte[] stored) {
        var in = new ValueReader("a record that waits", stored, VERSION);
        long number = in.number();
        long timestamp = in.number();
        byte[] key = optional(in);
        byte[] value = optional(in);
        var headers = new RecordHeaders();
        for (long left = in.number(); left > 0; left--) {
            headers.add(in.text(), optional(in));
        }
        return new Stored<>(
                number,
                new Record<>(
                        key == null ? null : keySerde.deserializer().deserialize(topic, headers, key),
                        value == null ? null : valueSerde.deserializer().deserialize(topic, headers, value),
                        timestamp,
                        headers));
    }
}
