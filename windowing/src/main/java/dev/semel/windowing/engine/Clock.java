package dev.semel.windowing.engine;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import dev.semel.windowing.state.ControlEntry;
import java.util.EnumMap;
import java.util.Map;

/** How far the engine has come, and what became of the records: the one entry of control state that every record changes. */
final class Clock implements ControlEntry {

    static final byte CONTROL_KEY = 'C';

    /** The second has a reason of rejection more. */
    private static final int VERSION = 2;

    private static final Rejection[] REASONS = Rejection.values();
    private static final ResultKind[] KINDS = ResultKind.values();

    private final SourceWatermarks marks;
    private final long latenessMillis;

    /** Windows that end here or before are closed, and never open again, even if the allowed lateness is raised. */
    long closedUpTo = EventTime.MIN;

    /** Windows that end here or before have fired. */
    long firedUpTo = EventTime.MIN;

    /** Early panes have been asked for up to here. */
    long earlyUpTo = EventTime.MIN;

    long processed;
    long late;
    long contributions;
    long lateContributions;
    long closedContributions;
    long openEntries;
    long closedWindows;
    long forcedWindows;
    private final long[] rejected = new long[REASONS.length];
    private final long[] results = new long[KINDS.length];

    Clock(SourceWatermarks marks, long latenessMillis) {
        this.marks = marks;
        this.latenessMillis = latenessMillis;
    }

    /** The watermark has moved. Once it has come to the end of all time, everything is closed, whatever the lateness. */
    void moved() {
        long watermark = marks.watermark();
        long closed = watermark == EventTime.MAX ? EventTime.MAX : EventTime.minus(watermark, latenessMillis);
        if (closed > closedUpTo) {
            closedUpTo = closed;
        }
    }

    /** As it is now: what makes room for a record moves it, too. */
    long watermark() {
        return marks.watermark();
    }

    /** The watermark at which a window is closed. */
    long closesAt(long end) {
        return end <= closedUpTo ? EventTime.MIN : EventTime.plus(end, latenessMillis);
    }

    void rejected(Rejection reason) {
        rejected[reason.ordinal()]++;
    }

    void emitted(ResultKind kind) {
        results[kind.ordinal()]++;
    }

    Accounts accounts(int openWindows) {
        return new Accounts(
                processed,
                late,
                counted(new EnumMap<>(Rejection.class), REASONS, rejected),
                contributions,
                lateContributions,
                closedContributions,
                openEntries,
                openWindows,
                counted(new EnumMap<>(ResultKind.class), KINDS, results),
                closedWindows,
                forcedWindows);
    }

    private static <E extends Enum<E>> Map<E, Long> counted(Map<E, Long> map, E[] names, long[] counts) {
        for (int i = 0; i < names.length; i++) {
            if (counts[i] > 0) {
                map.put(names[i], counts[i]);
            }
        }
        return map;
    }

    @Override
    public byte[] controlKey() {
        return new byte[] {CONTROL_KEY};
    }

    @Override
    public byte[] controlValue() {
        var out = new ValueWriter(VERSION);
        marks.write(out);
        out.number(closedUpTo).number(firedUpTo).number(earlyUpTo);
        out.number(processed).number(late).number(contributions).number(lateContributions);
        out.number(closedContributions)
                .number(openEntries)
                .number(closedWindows)
                .number(forcedWindows);
        write(out, rejected);
        write(out, results);
        return out.bytes();
    }

    private static void write(ValueWriter out, long[] counts) {
        out.number(counts.length);
        for (long count : counts) {
            out.number(count);
        }
    }

    void restore(byte[] value) {
        var in = new ValueReader("the clock", value, VERSION);
        marks.read(in);
        closedUpTo = in.number();
        firedUpTo = in.number();
        earlyUpTo = in.number();
        processed = in.number();
        late = in.number();
        contributions = in.number();
        lateContributions = in.number();
        closedContributions = in.number();
        openEntries = in.number();
        closedWindows = in.number();
        forcedWindows = in.number();
        in.counts(rejected);
        in.counts(results);
    }
}
