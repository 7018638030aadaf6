package dev.semel.windowing.engine;

import dev.semel.windowing.internal.time.EventTime;
import java.time.Duration;

/**
 * Which windows an event belongs to, by nothing but its time. Windows of one size begin at regular distances, the same for all keys.
 *
 * @param size of each window
 * @param advance from the start of one to that of the next: the size itself for windows that tumble, less for those that hop
 * @param offset of the starts from the epoch: zero, unless days are to begin at another hour than UTC's
 */
public record WindowAssigner(Duration size, Duration advance, Duration offset) {

    private static final long MOST_WINDOWS = 10_000;

    /** Checks all three, and that they fit together. */
    public WindowAssigner {
        long sizeMillis = EventTime.positive("the size of windows", size);
        long advanceMillis = EventTime.positive("the advance of windows", advance);
        long offsetMillis = EventTime.exact("the offset of windows", offset);
        if (advanceMillis > sizeMillis) {
            throw new IllegalArgumentException("the advance is " + advance + ", and has to be at most the size, " + size
                    + ", or events would be in no window");
        }
        if (offsetMillis <= -advanceMillis || offsetMillis >= advanceMillis) {
            throw new IllegalArgumentException("the offset is " + offset + ", and has to be less than " + advance
                    + " either way: windows that begin further on are the same ones");
        }
        if ((sizeMillis - 1) / advanceMillis >= MOST_WINDOWS) {
            throw new IllegalArgumentException("with a size of " + size + " and an advance of " + advance
                    + " each event is in more than " + MOST_WINDOWS + " windows: advance by more");
        }
    }

    /** Each event is in exactly one window. */
    public static WindowAssigner tumbling(Duration size) {
        return tumbling(size, Duration.ZERO);
    }

    /** Each event is in exactly one window, and windows begin at another time than midnight UTC. */
    public static WindowAssigner tumbling(Duration size, Duration offset) {
        return new WindowAssigner(size, size, offset);
    }

    /** Each event is in all windows that hold its time: one begins after each advance. */
    public static WindowAssigner hopping(Duration size, Duration advance) {
        return new WindowAssigner(size, advance, Duration.ZERO);
    }

    boolean isTumbling() {
        return size.equals(advance);
    }
}
