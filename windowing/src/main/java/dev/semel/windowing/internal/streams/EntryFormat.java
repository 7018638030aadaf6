package dev.semel.windowing.internal.streams;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.state.WindowEntry;
import org.apache.kafka.common.serialization.Serde;

/**
 * Stored accumulators: a version, the largest event time, how many contributions, what panes have been emitted, and the accumulator in
 * the user's bytes.
 *
 * <p>Threading: that of the serde.
 *
 * @param <A> accumulators
 */
public final class EntryFormat<A> {

    private static final int VERSION = 1;

    private final Serde<A> serde;
    private final String topic;

    /** @param topic that serdes are told */
    public EntryFormat(Serde<A> serde, String topic) {
        this.serde = serde;
        this.topic = topic;
    }

    byte[] write(WindowEntry<A> entry) {
        return new ValueWriter(VERSION)
                .number(entry.timestamp())
                .number(entry.contributions())
                .number(entry.panes())
                .block(bytes(entry.accumulator()))
                .bytes();
    }

    byte[] bytes(A accumulator) {
        byte[] bytes = serde.serializer().serialize(topic, accumulator);
        if (bytes == null) {
            throw new IllegalStateException(
                    "the serializer of the accumulators made nothing of one: what is there has to have bytes");
        }
        return bytes;
    }

    A accumulator(byte[] bytes) {
        A accumulator = serde.deserializer().deserialize(topic, bytes);
        if (accumulator == null) {
            throw new IllegalStateException("the deserializer of the accumulators made null of stored bytes");
        }
        return accumulator;
    }

    /** The entry that was stored. */
    public WindowEntry<A> read(byte[] stored) {
        var in = new ValueReader("an accumulator", stored, VERSION);
        long timestamp = in.number();
        long contributions = in.number();
        int panes = (int) in.number();
        return new WindowEntry<>(accumulator(in.block()), timestamp, contributions, panes);
    }
}
