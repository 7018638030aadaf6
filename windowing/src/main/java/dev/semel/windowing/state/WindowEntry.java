package dev.semel.windowing.state;

/**
 * What is kept of one key in one window: the accumulator, the largest event time in it, how many contributions it has, and which panes
 * of it have been emitted.
 *
 * <p>A store that writes bytes stores all four and makes the entry again with {@link #WindowEntry(Object, long, long, int)}; one that
 * keeps objects may extend this class with what it needs beside them.
 *
 * @param <A> accumulators
 */
public class WindowEntry<A> {

    private static final int CHANGED = 1;
    private static final int ON_TIME_DONE = 2;
    private static final int PANE = 4;

    // Both numbers in one: what is emitted in the lower bits, contributions above, of which a million million have
    // room.
    private static final int PANE_BITS = 24;
    private static final long ALL_PANES = (1L << PANE_BITS) - 1;
    private static final long CONTRIBUTION = 1L << PANE_BITS;

    private A accumulator;
    private long timestamp;
    private long counts;

    /** One that has contributions already, as a store gives it back. */
    public WindowEntry(A accumulator, long timestamp, long contributions, int panes) {
        this.accumulator = accumulator;
        this.timestamp = timestamp;
        this.counts = contributions << PANE_BITS | panes;
    }

    /** One with its first contribution. */
    public WindowEntry(A accumulator, long timestamp) {
        this(accumulator, timestamp, 1, CHANGED);
    }

    /** What has been folded so far. */
    public final A accumulator() {
        return accumulator;
    }

    /** The largest event time in it. */
    public final long timestamp() {
        return timestamp;
    }

    /** How many values have been folded into it. */
    public final long contributions() {
        return counts >>> PANE_BITS;
    }

    /** What has been emitted of it, to be stored as it is; always small without panes. */
    public final int panes() {
        return (int) (counts & ALL_PANES);
    }

    /** One contribution more. */
    public final void contribute(A folded, long eventTime) {
        // Most aggregates give the same one again, and a reference that is written costs more than all the rest.
        if (accumulator != folded) {
            accumulator = folded;
        }
        counts = counts + CONTRIBUTION | CHANGED;
        // Not a branch: whether an event is the latest of its key is anybody's guess.
        timestamp = Math.max(timestamp, eventTime);
    }

    /** Whether it has contributions that no pane has shown. */
    public final boolean isChanged() {
        return (counts & CHANGED) != 0;
    }

    /** Whether it has had its pane on time, or can have none, since it began when the window had fired. */
    public final boolean isOnTimeDone() {
        return (counts & ON_TIME_DONE) != 0;
    }

    /** There is no more pane on time for it. */
    public final void onTimeDone() {
        counts |= ON_TIME_DONE;
    }

    /** How many panes have been emitted, which is the index of the next. It stays at 4,194,303, where it comes that far. */
    public final int paneIndex() {
        return panes() / PANE;
    }

    /** One pane more has been emitted, which shows all contributions so far. */
    public final void paned() {
        counts &= ~CHANGED;
        if (panes() + PANE <= ALL_PANES) {
            counts += PANE;
        }
    }
}
