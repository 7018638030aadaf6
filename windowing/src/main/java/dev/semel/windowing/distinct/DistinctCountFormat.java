package dev.semel.windowing.distinct;

import com.dynatrace.hash4j.distinctcount.HyperLogLog;
import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Stored counts of different things: a version, which of the two forms it has, and hashes or registers. */
final class DistinctCountFormat {

    static final Serde<DistinctCount> SERDE =
            Serdes.serdeFrom((topic, count) -> write(count), (topic, stored) -> read(stored));

    private static final int VERSION = 1;
    private static final int HASHES = 0;
    private static final int REGISTERS = 1;

    private DistinctCountFormat() {}

    private static byte @Nullable [] write(@Nullable DistinctCount count) {
        if (count == null) {
            return null;
        }
        var out = new ValueWriter(VERSION);
        HyperLogLog registers = count.registers();
        if (registers != null) {
            return out.number(REGISTERS).block(registers.getState()).bytes();
        }
        var hashes = ByteBuffer.allocate(count.hashes().length * Long.BYTES);
        hashes.asLongBuffer().put(count.hashes());
        return out.number(HASHES).block(hashes.array()).bytes();
    }

    private static @Nullable DistinctCount read(byte @Nullable [] stored) {
        if (stored == null) {
            return null;
        }
        var in = new ValueReader("a count of different things", stored, VERSION);
        if (in.number() == REGISTERS) {
            return new DistinctCount(new long[0], HyperLogLog.wrap(in.block()));
        }
        var buffer = ByteBuffer.wrap(in.block()).asLongBuffer();
        long[] hashes = new long[buffer.remaining()];
        buffer.get(hashes);
        return new DistinctCount(hashes, null);
    }
}
