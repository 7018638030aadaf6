package dev.semel.windowing.state;

/**
 * What is kept of one session of one key. Where a session begins and ends never changes: one that grows is removed, and another is put.
 *
 * @param <A> accumulators
 */
public final class SessionEntry<A> {

    private final long start;
    private final long end;
    private final A accumulator;
    private final long contributions;

    /**
     * @param start the least event time in it
     * @param end the largest event time in it, and the gap
     * @param accumulator what has been folded
     * @param contributions how many values have been folded
     */
    public SessionEntry(long start, long end, A accumulator, long contributions) {
        this.start = start;
        this.end = end;
        this.accumulator = accumulator;
        this.contributions = contributions;
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
}
