package dev.semel.windowing.engine;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.state.ControlEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Which panes are due and have not been emitted yet, and how far the window in hand has come. It is kept while there are any. */
final class PaneCursor implements ControlEntry {

    static final byte CONTROL_KEY = 'P';

    private static final int VERSION = 1;
    private static final ResultKind[] KINDS = ResultKind.values();

    private @Nullable ResultKind kind;
    private long end;
    private byte @Nullable [] after;
    private final Deque<Long> early = new ArrayDeque<>();

    boolean isDone() {
        return kind == null && early.isEmpty();
    }

    boolean isInWindow() {
        return kind != null;
    }

    @Nullable ResultKind kind() {
        return kind;
    }

    long end() {
        return end;
    }

    /** The bytes of the last key that has had its turn; null before the first. */
    byte @Nullable [] after() {
        return after;
    }

    void after(byte[] key) {
        after = key;
    }

    void begin(ResultKind newKind, long newEnd) {
        kind = newKind;
        end = newEnd;
        after = null;
    }

    void finish() {
        kind = null;
        after = null;
    }

    void scheduleEarly(long windowEnd) {
        if (!early.contains(windowEnd)) {
            early.add(windowEnd);
        }
    }

    /** Begins the next window with early panes. Those that have reached their end in the meantime have had their panes on time. */
    boolean beginEarly(long watermark) {
        for (Long next = early.poll(); next != null; next = early.poll()) {
            if (next > watermark) {
                begin(ResultKind.EARLY, next);
                return true;
            }
        }
        return false;
    }

    @Override
    public byte[] controlKey() {
        return new byte[] {CONTROL_KEY};
    }

    @Override
    public byte[] controlValue() {
        var out = new ValueWriter(VERSION).number(kind == null ? -1 : kind.ordinal());
        out.number(end).number(after == null ? 0 : 1).block(after == null ? new byte[0] : after);
        out.number(early.size());
        early.forEach(out::number);
        return out.bytes();
    }

    void restore(byte[] value) {
        var in = new ValueReader("the cursor of the panes", value, VERSION);
        int position = in.position(-1, KINDS.length - 1);
        kind = position < 0 ? null : KINDS[position];
        end = in.number();
        boolean hasBegun = in.number() == 1;
        byte[] key = in.block();
        after = hasBegun ? key : null;
        for (long left = in.number(); left > 0; left--) {
            early.add(in.number());
        }
        if (kind == null) {
            end = EventTime.MIN;
        }
    }
}
