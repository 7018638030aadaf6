package dev.semel.windowing.engine;

import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.windows.OpenEnds;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.WindowEntry;
import dev.semel.windowing.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Opens windows, and closes them when they are due, the oldest first: emits what is left to be emitted and frees their state, in slices.
 * What a slice has left is due still; whether a record is late has been decided before.
 */
final class Closing<K, A> implements OpenState {

    private final Clock clock;
    private final OpenEnds ends;
    private final WindowStore<K, A> store;
    private final ControlState control;
    private final ResultSink<K, A> sink;
    private final @Nullable PaneFiring<K, A> panes;
    private final long sizeMillis;
    private long dueAt = EventTime.MAX;
    private long closing;
    private int handedOut;

    Closing(
            long sizeMillis,
            Clock clock,
            OpenEnds ends,
            WindowStore<K, A> store,
            ControlState control,
            ResultSink<K, A> sink,
            @Nullable PaneFiring<K, A> panes) {
        this.sizeMillis = sizeMillis;
        this.clock = clock;
        this.ends = ends;
        this.store = store;
        this.control = control;
        this.sink = sink;
        this.panes = panes;
    }

    /** The watermark at which there is something to be done. */
    long dueAt() {
        return dueAt;
    }

    void open(long end) {
        ends.add(end);
        control.put(new OpenWindow(end));
        if (panes != null) {
            panes.opened(end);
        }
        lookAhead();
    }

    /** Looks what is due next; also after a restart. */
    void lookAhead() {
        long next = ends.size() == 0 ? EventTime.MAX : clock.closesAt(ends.first());
        dueAt = panes == null ? next : Math.min(next, panes.dueAt());
    }

    /** Emits and closes what is due, at most so much. */
    void run(int most) {
        int left = panes == null ? most : panes.run(most);
        while (left > 0 && ends.size() > 0 && ends.first() <= clock.closedUpTo) {
            closing = ends.first();
            handedOut = 0;
            if (store.drain(closing, left, this::handOut)) {
                ends.removeFirst();
                control.remove(new OpenWindow(closing));
                clock.closedWindows++;
                left -= handedOut;
            } else {
                left = 0;
            }
        }
        lookAhead();
    }

    /** Those that are closed and wait for their slice are open no more, but their entries are there. */
    @Override
    public long windows() {
        return (long) ends.size() - ends.upTo(clock.closedUpTo);
    }

    @Override
    public long bytes() {
        return store.bytes();
    }

    @Override
    public long firstEnd() {
        return ends.size() == 0 ? EventTime.MAX : ends.first();
    }

    @Override
    public void closeDue() {
        run(Integer.MAX_VALUE);
    }

    private void handOut(K key, WindowEntry<A> entry) {
        handedOut++;
        clock.openEntries--;
        clock.closedContributions += entry.contributions();
        if (panes == null) {
            clock.emitted(ResultKind.FINAL);
            sink.result(new WindowResult<>(
                    new Window(closing - sizeMillis, closing),
                    key,
                    entry.accumulator(),
                    ResultKind.FINAL,
                    0,
                    entry.timestamp()));
        }
    }
}
