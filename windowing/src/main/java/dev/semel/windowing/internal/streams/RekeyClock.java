package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import dev.semel.windowing.state.ControlEntry;

/** How far a partition before a repartitioning is, and what became of its records: {@code ingested = forwarded + rejected}. */
final class RekeyClock implements ControlEntry {

    static final byte CONTROL_KEY = 'C';

    /** The second has a reason of rejection more. */
    private static final int VERSION = 2;

    private final SourceWatermarks marks;
    private final long[] rejected = new long[Rejection.values().length];
    private long forwarded;

    RekeyClock(SourceWatermarks marks) {
        this.marks = marks;
    }

    void forwarded() {
        forwarded++;
    }

    void rejected(Rejection reason) {
        rejected[reason.ordinal()]++;
    }

    long forwardedRecords() {
        return forwarded;
    }

    long rejectedRecords(Rejection reason) {
        return rejected[reason.ordinal()];
    }

    @Override
    public byte[] controlKey() {
        return new byte[] {CONTROL_KEY};
    }

    @Override
    public byte[] controlValue() {
        var out = new ValueWriter(VERSION);
        marks.write(out);
        out.number(forwarded).number(rejected.length);
        for (long count : rejected) {
            out.number(count);
        }
        return out.bytes();
    }

    void restore(byte[] value) {
        var in = new ValueReader("the clock before a repartitioning", value, VERSION);
        marks.read(in);
        forwarded = in.number();
        in.counts(rejected);
    }
}
