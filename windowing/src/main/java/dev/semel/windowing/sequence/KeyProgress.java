package dev.semel.windowing.sequence;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;

/**
 * How far one key has come.
 *
 * @param next the number whose turn it is
 * @param isOver whether the greatest of all numbers has had its turn, so that nothing can follow
 * @param waiting how many events wait
 * @param first the least number that waits, if any does
 * @param dueMillis when the gap before it is over, by the clock of gaps; {@link #HELD} if it is held; {@link #NEVER} if nothing waits
 * @param isOverdue whether the gap's bound is over and its events are held all the same
 */
public record KeyProgress(long next, boolean isOver, long waiting, long first, long dueMillis, boolean isOverdue) {

    /** Where there is no gap. */
    static final long NEVER = Long.MAX_VALUE;

    /** What time does not end. */
    static final long HELD = NEVER - 1;

    /** What is ready to go out already. */
    static final long AT_ONCE = Long.MIN_VALUE;

    private static final int VERSION = 1;

    /** A key with nothing waiting. */
    static KeyProgress at(long next) {
        return new KeyProgress(next, false, 0, 0, NEVER, false);
    }

    /** What is stored: its version first. */
    public byte[] bytes() {
        return new ValueWriter(VERSION)
                .number(next)
                .number((isOver ? 1 : 0) + (isOverdue ? 2 : 0))
                .number(waiting)
                .number(first)
                .number(dueMillis)
                .bytes();
    }

    /**
     * Reads what was stored.
     *
     * @throws dev.semel.windowing.state.IncompatibleStateException if it is of a newer release, or was not written by this library
     */
    public static KeyProgress of(byte[] stored) {
        var in = new ValueReader("the progress of a key", stored, VERSION);
        long next = in.number();
        long flags = in.number();
        return new KeyProgress(next, (flags & 1) != 0, in.number(), in.number(), in.number(), (flags & 2) != 0);
    }

    /** Whether the event whose turn it is waits already, since a call had no room for it. */
    boolean isReady() {
        return waiting > 0 && first == next;
    }

    /** This number has had its turn. */
    KeyProgress passed(long number) {
        boolean isLast = number == Long.MAX_VALUE;
        return new KeyProgress(isLast ? number : number + 1, isLast, waiting, first, dueMillis, isOverdue);
    }

    /** Numbers before the first that waits are not waited for. */
    KeyProgress skipped() {
        return new KeyProgress(first, isOver, waiting, first, dueMillis, isOverdue);
    }

    KeyProgress due(long newDueMillis, boolean newOverdue) {
        return new KeyProgress(next, isOver, waiting, first, newDueMillis, newOverdue);
    }

    KeyProgress waiting(long newWaiting, long newFirst) {
        return new KeyProgress(next, isOver, newWaiting, newFirst, dueMillis, isOverdue);
    }
}
