package dev.semel.windowing.engine;

import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import dev.semel.windowing.state.SessionEntry;
import dev.semel.windowing.state.SessionStore;
import java.util.List;

/**
 * Fires sessions when the watermark reaches their ends, where there are panes, and closes them when they are due: in slices. What a slice
 * has left is still among those that have not fired, or have not been closed, and that is all that a restart needs to go on.
 */
final class SessionClosing<K, A> implements OpenState {

    private final long gapMillis;
    private final boolean isInPanes;
    private final SourceWatermarks marks;
    private final Clock clock;
    private final SessionStore<K, A> store;
    private final ResultSink<K, A> sink;
    private long dueAt = EventTime.MAX;
    private int handedOut;

    SessionClosing(
            long gapMillis,
            Emission emission,
            SourceWatermarks marks,
            Clock clock,
            SessionStore<K, A> store,
            ResultSink<K, A> sink) {
        this.gapMillis = gapMillis;
        this.isInPanes = emission.isInPanes();
        this.marks = marks;
        this.clock = clock;
        this.store = store;
        this.sink = sink;
    }

    /** The watermark at which there is something to be done. */
    long dueAt() {
        return dueAt;
    }

    /** A session has been kept. */
    void kept(SessionEntry<A> session) {
        dueAt = Math.min(dueAt, dueAt(session.end(), session.hasFired()));
    }

    private long dueAt(long end, boolean hasFired) {
        return isInPanes && !hasFired ? end : clock.closesAt(end);
    }

    /** Looks what is due next; also after a restart. */
    void lookAhead() {
        dueAt = clock.openEntries == 0
                ? EventTime.MAX
                : Math.min(dueAt(store.firstEnd(false), false), dueAt(store.firstEnd(true), true));
    }

    /** Emits and closes what is due, at most so much. */
    void run(int most) {
        handedOut = 0;
        if (isInPanes) {
            store.fire(marks.watermark(), most, this::onTime);
        }
        if (handedOut < most) {
            store.drain(clock.closedUpTo, most - handedOut, this::close);
        }
        lookAhead();
    }

    /** Emits the pane on time of a session that has reached its end; gives what is kept of it. */
    SessionEntry<A> onTime(K key, SessionEntry<A> session) {
        handedOut++;
        emit(ResultKind.ON_TIME, key, session, List.of());
        SessionEntry<A> fired = session.fired();
        store.replace(key, List.of(session), fired);
        return fired;
    }

    /** Emits the pane of a record that came after the end of a session that it belongs to, before it is kept as fired. */
    void late(K key, SessionEntry<A> session, List<Window> replaced) {
        emit(ResultKind.LATE, key, session, replaced);
    }

    private void close(K key, SessionEntry<A> session) {
        clock.openEntries--;
        clock.closedWindows++;
        clock.closedContributions += session.contributions();
        if (!isInPanes) {
            emit(ResultKind.FINAL, key, session, List.of());
        }
    }

    private void emit(ResultKind kind, K key, SessionEntry<A> session, List<Window> replaced) {
        clock.emitted(kind);
        sink.result(new WindowResult<>(
                new Window(session.start(), session.end()),
                key,
                session.accumulator(),
                kind,
                session.panes(),
                session.end() - gapMillis,
                replaced));
    }

    @Override
    public long windows() {
        return clock.openEntries;
    }

    @Override
    public long bytes() {
        return store.bytes(clock.openEntries);
    }

    @Override
    public long firstEnd() {
        return Math.min(store.firstEnd(false), store.firstEnd(true));
    }

    @Override
    public void closeDue() {
        run(Integer.MAX_VALUE);
    }
}
