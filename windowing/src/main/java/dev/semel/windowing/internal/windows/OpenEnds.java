package dev.semel.windowing.internal.windows;

import dev.semel.windowing.internal.time.EventTime;
import java.util.Arrays;

/** The ends of the open windows, in order. New ones come near the end of them, and closed ones go from the front. */
public final class OpenEnds {

    /** What {@link #above} gives where there is none. */
    public static final long NONE = EventTime.MAX;

    private long[] ends = new long[8];
    private int from;
    private int to;

    /** How many windows are open. */
    public int size() {
        return to - from;
    }

    /** The least, or {@link #NONE}, at which the last window that there can be may end, too: {@link #size} tells them apart. */
    public long first() {
        return from == to ? NONE : ends[from];
    }

    /** The n-th, from zero. */
    public long at(int index) {
        return ends[from + index];
    }

    /** Whether a window is open. */
    public boolean contains(long end) {
        return Arrays.binarySearch(ends, from, to, end) >= 0;
    }

    /** The least that is greater than this, or {@link #NONE}. */
    public long above(long bound) {
        int index = upTo(bound);
        return index == size() ? NONE : at(index);
    }

    /** How many are not greater than this. */
    public int upTo(long bound) {
        int found = Arrays.binarySearch(ends, from, to, bound);
        return (found >= 0 ? found + 1 : -(found + 1)) - from;
    }

    /** Opens a window that is not open. */
    public void add(long end) {
        if (to == ends.length) {
            makeRoom();
        }
        int place = from + upTo(end);
        System.arraycopy(ends, place, ends, place + 1, to - place);
        ends[place] = end;
        to++;
    }

    private void makeRoom() {
        long[] next = from > ends.length / 2 ? ends : new long[2 * ends.length];
        System.arraycopy(ends, from, next, 0, size());
        ends = next;
        to -= from;
        from = 0;
    }

    /** Closes the first. */
    public void removeFirst() {
        from++;
        if (from == to) {
            from = 0;
            to = 0;
        }
    }
}
