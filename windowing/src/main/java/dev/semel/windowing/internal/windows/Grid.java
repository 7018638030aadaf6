package dev.semel.windowing.internal.windows;

import dev.semel.windowing.internal.time.EventTime;

/**
 * Windows of one size that begin at regular distances: finds those that a point in event time belongs to. It remembers the last answer,
 * which is that for most events, too.
 *
 * <p>Threading: one thread.
 */
public final class Grid implements Placement {

    private final long size;
    private final long advance;
    private final long offset;
    private final long most;
    private final long earliestStart;

    /** From here on, and before the next start, the newest window is the same. */
    private long start;

    private long nextStart;

    /**
     * @param size of each window, positive
     * @param advance from one start to the next, positive and at most the size
     * @param offset of the starts from zero, its absolute value less than the advance
     * @param earliestStart no window begins before this; {@link EventTime#MIN} if they may begin anywhere
     */
    public Grid(long size, long advance, long offset, long earliestStart) {
        this.size = size;
        this.advance = advance;
        this.offset = Math.floorMod(offset, advance);
        this.most = (size - 1) / advance + 1;
        this.earliestStart = earliestStart;
    }

    /** The size of each window. */
    public long size() {
        return size;
    }

    /** From one start to the next. */
    public long advance() {
        return advance;
    }

    /** How many windows an event belongs to, at most. */
    public long most() {
        return most;
    }

    @Override
    public boolean contains(long timestamp) {
        return timestamp >= start && timestamp < nextStart || place(timestamp);
    }

    private boolean place(long timestamp) {
        // Not of timestamp - offset, which may be outside of the range.
        long beyond = Math.floorMod(Math.floorMod(timestamp, advance) - offset, advance);
        long begin = timestamp - beyond;
        long oldest = begin - (size - 1 - beyond) / advance * advance;
        boolean underflows = begin > timestamp || oldest > begin || oldest < earliestStart;
        if (underflows || begin + size < begin) {
            return false;
        }
        start = begin;
        // The first point of a stretch is in the most windows: where that cannot be placed, each point is looked at.
        long oldestOfAll = begin - (most - 1) * advance;
        nextStart = oldestOfAll <= begin && oldestOfAll >= earliestStart ? begin + advance : begin;
        return true;
    }

    /** The end of the newest window of an event that {@link #contains} has just placed. */
    public long newestEnd() {
        return start + size;
    }

    /** The end of the oldest window of an event that {@link #contains} has just placed. */
    public long oldestEnd(long timestamp) {
        long newest = start + size;
        return newest - (newest - timestamp - 1) / advance * advance;
    }
}
