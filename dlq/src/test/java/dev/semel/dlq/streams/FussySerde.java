package dev.semel.dlq.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Text, except that it can neither read what begins with {@link #UNREADABLE} nor write what begins with {@link #UNWRITABLE}. */
public final class FussySerde implements Serde<String> {

    static final String UNREADABLE = "unreadable";
    static final String UNWRITABLE = "unwritable";
    static final String UNHANDLED = "unhandled";
    /** Is handled for longer than any commit interval in these tests. */
    static final String SLOW = "slow";

    @Override
    public Serializer<String> serializer() {
        return (topic, text) -> {
            if (text != null && text.startsWith(UNWRITABLE)) {
                throw new SerializationException("cannot write " + text);
            }
            return bytes(text);
        };
    }

    @Override
    public Deserializer<String> deserializer() {
        return (topic, bytes) -> {
            String text = bytes == null ? null : new String(bytes, UTF_8);
            if (text != null && text.startsWith(UNREADABLE)) {
                throw new SerializationException("cannot read " + text);
            }
            return text;
        };
    }

    /** What a topology does with each value: goes on with it, or fails. */
    static @Nullable String handle(@Nullable String text) {
        if (text != null && text.startsWith(UNHANDLED)) {
            throw new IllegalStateException("cannot handle " + text);
        }
        if (SLOW.equals(text)) {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        return text;
    }

    static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }
}
