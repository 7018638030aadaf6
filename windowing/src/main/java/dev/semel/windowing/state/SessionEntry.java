package dev.semel.windowing.state;

/**
 * What is kept of one session of one key. Where a session begins and ends never changes: one that grows is replaced by another.
 *
 * @param <A> accumulators
 */
public final class SessionEntry<A> {

    private final long start;
    private final long end;
    private final A accumulator;
    private final long contributions;
    private final int panes;

    /**
     * @param start the least event time in it
     * @param end the largest event time in it, and the gap
     * @param accumulator what has been folded
     * @param contributions how many values have been folded
     * @param panes how many results of it have been emitted
     */
    public SessionEntry(long start, long end, A accumulator, long contributions, int panes) {
        this.start = start;
        this.end = end;
        this.accumulator = accumulator;
        this.contributions = contributions;
        this.panes = panes;
    }

    /** The least event time in it. */
    public long start() {
        return start;
    }

    /** The largest event time in it, and the gap: the first point at which an event would not belong to it any more. */
    public long end() {
        return end;
    }

    /** What has been folded so far. */
    public A accumulator() {
        return accumulator;
    }

    /** How many values have been folded into it. */
    public long contributions() {
        return contributions;
    }

    /** How many results of it have been emitted, and of the sessions that it was made of. */
    public int panes() {
        return panes;
    }

    /** Whether results of it have been emitted: its end has been reached once, and what comes now corrects them. */
    public boolean hasFired() {
        return panes > 0;
    }

    /** The same, with one result more emitted. */
    public SessionEntry<A> fired() {
        return new SessionEntry<>(start, end, accumulator, contributions, panes + 1);
    }
}
