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
        byte[] accumulator = serde.serializer().serialize(topic, entry.accumulator());
        if (accumulator == null) {
            throw new IllegalStateException(
                    "the serializer of the accumulators made nothing of one: what is there has to" + " have bytes");
        }
        return new ValueWriter(VERSION)
                .number(entry.timestamp())
                .number(entry.contributions())
                .number(entry.panes())
                .block(accumulator)
                .bytes();
    }

    /** The entry that was stored. */
    public WindowEntry<A> read(byte[] stored) {
        var in = new ValueReader("an accumulator", stored, VERSION);
        long timestamp = in.number();
        long contributions = in.number();
        int panes = (int) in.number();
        A accumulator = serde.deserializer().deserialize(topic, in.block());
        if (accumulator == null) {
            throw new IllegalStateException("the deserializer of the accumulators made null of stored bytes");
        }
        return new WindowEntry<>(accumulator, timestamp, contributions, panes);
    }
}
