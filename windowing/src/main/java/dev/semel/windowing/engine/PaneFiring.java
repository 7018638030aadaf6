package dev.semel.windowing.engine;

import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import dev.semel.windowing.internal.windows.OpenEnds;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.WindowEntry;
import dev.semel.windowing.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Emits panes: early ones and those on time in slices, late ones record by record.
 *
 * <p>Slices make no difference to what a pane on time shows. A key whose turn has not come when one more record of it is accepted has
 * its pane before that record is folded.
 */
final class PaneFiring<K, A> {

    private final SourceWatermarks marks;
    private final Clock clock;
    private final OpenEnds ends;
    private final WindowStore<K, A> store;
    private final ControlState control;
    private final ResultSink<K, A> sink;
    private final boolean isDiscarding;
    private final long sizeMillis;
    private final EarlyTimer early;
    private final PaneCursor cursor;
    private int visited;

    PaneFiring(
            Emission emission,
            long sizeMillis,
            SourceWatermarks marks,
            Clock clock,
            OpenEnds ends,
            WindowStore<K, A> store,
            ControlState control,
            ResultSink<K, A> sink,
            PaneCursor cursor) {
        this.marks = marks;
        this.clock = clock;
        this.ends = ends;
        this.store = store;
        this.control = control;
        this.sink = sink;
        this.isDiscarding = emission.isDiscarding();
        this.sizeMillis = sizeMillis;
        this.early = new EarlyTimer(emission.earlyMillis(), sizeMillis, ends);
        this.cursor = cursor;
    }

    /** A window has been opened. */
    void opened(long end) {
        early.opened(end, marks.watermark());
    }

    /** After a restart. */
    void restored() {
        early.restored(marks.watermark());
    }

    /** The watermark at which the next pane is to be emitted. */
    long dueAt() {
        if (!cursor.isDone()) {
            return EventTime.MIN;
        }
        int next = ends.upTo(clock.firedUpTo);
        return Math.min(early.dueAt(), next < ends.size() ? ends.at(next) : EventTime.MAX);
    }

    /** Emits what is due, at most so much; gives how much is left of that. */
    int run(int most) {
        long watermark = marks.watermark();
        if (watermark >= early.dueAt()) {
            early.schedule(watermark, clock.earlyUpTo, cursor);
            clock.earlyUpTo = watermark;
        }
        boolean wasDone = cursor.isDone();
        int left = most;
        while (left > 0 && begin(watermark)) {
            visited = 0;
            byte @Nullable [] last = store.scan(cursor.end(), cursor.after(), left, this::visit);
            if (last == null || visited < left) {
                cursor.finish();
            } else {
                cursor.after(last);
            }
            left -= visited;
        }
        if (!cursor.isDone()) {
            control.put(cursor);
        } else if (!wasDone) {
            control.remove(cursor);
        }
        return left;
    }

    /** Windows that have reached their end come first, the oldest of them first. */
    private boolean begin(long watermark) {
        if (cursor.isInWindow()) {
            if (cursor.kind() == ResultKind.ON_TIME || cursor.end() > watermark) {
                return true;
            }
            // What is left of the early ones is on time by now.
            cursor.finish();
        }
        int next = ends.upTo(clock.firedUpTo);
        if (next < ends.size() && ends.at(next) <= watermark) {
            clock.firedUpTo = ends.at(next);
            cursor.begin(ResultKind.ON_TIME, clock.firedUpTo);
            return true;
        }
        return cursor.beginEarly(watermark);
    }

    private void visit(K key, WindowEntry<A> entry) {
        visited++;
        if (cursor.kind() == ResultKind.ON_TIME) {
            onTime(cursor.end(), key, entry);
        } else if (entry.isChanged() && !entry.isOnTimeDone()) {
            emit(ResultKind.EARLY, cursor.end(), key, entry);
        }
    }

    /** Emits the pane on time of a key whose window has reached its end, unless it has been. */
    void onTime(long end, K key, WindowEntry<A> entry) {
        if (entry.isOnTimeDone()) {
            return;
        }
        entry.onTimeDone();
        if (entry.isChanged() || !isDiscarding) {
            emit(ResultKind.ON_TIME, end, key, entry);
        } else {
            store.put(end, key, entry);
        }
    }

    void late(long end, K key, WindowEntry<A> entry) {
        emit(ResultKind.LATE, end, key, entry);
    }

    private void emit(ResultKind kind, long end, K key, WindowEntry<A> entry) {
        clock.emitted(kind);
        sink.result(new WindowResult<>(
                new Window(end - sizeMillis, end),
                key,
                entry.accumulator(),
                kind,
                entry.paneIndex(),
                entry.timestamp()));
        entry.paned();
        store.put(end, key, entry);
    }

    /** Whether the next value begins a new accumulator, since all before it have been shown. */
    boolean beginsAnew(WindowEntry<A> entry) {
        return isDiscarding && !entry.isChanged();
    }
}
