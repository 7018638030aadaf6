package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.engine.WindowAssigner;
import dev.semel.windowing.internal.windows.Grid;
import dev.semel.windowing.internal.windows.Placement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which windows there are to be. One object for what is before a repartitioning and behind it: they are said on either side, and a record
 * is judged by them on both.
 *
 * <p>Threading: one thread, which builds the topology.
 */
final class WindowShape {

    /** Kafka Streams' own windows cannot begin before 1970. */
    static final long EARLIEST_START = 0;

    private final String name;
    private @Nullable Duration size;
    private @Nullable Duration advance;
    private @Nullable Duration sessionGap;
    private Duration offset = Duration.ZERO;

    /** @param name of the operator, for messages */
    WindowShape(String name) {
        this.name = name;
    }

    void hopping(Duration newSize, Duration newAdvance) {
        size = requireNonNull(newSize, "size");
        advance = requireNonNull(newAdvance, "advance");
    }

    void sessions(Duration gap) {
        sessionGap = requireNonNull(gap, "gap");
    }

    void offset(Duration newOffset) {
        offset = requireNonNull(newOffset, "offset");
    }

    boolean isOfSessions() {
        return sessionGap != null;
    }

    /** The gap between sessions; to be asked where there are sessions only. */
    Duration gap() {
        if (size != null || !offset.isZero()) {
            throw new IllegalStateException(name + " has both sessions and windows of a size: say one");
        }
        return requireNonNull(sessionGap, "gap");
    }

    /** Windows of one size. */
    WindowAssigner windows() {
        if (size == null || advance == null) {
            throw new IllegalStateException(name + " has no windows: say tumbling(size), hopping(size, advance) or"
                    + " sessions(gap) before what is to be computed");
        }
        return new WindowAssigner(size, advance, offset);
    }

    /** Which times events can have. A new one for each task. */
    Placement placement() {
        if (isOfSessions()) {
            return Placement.ofSessions(gap().toMillis(), EARLIEST_START);
        }
        WindowAssigner windows = windows();
        return new Grid(
                windows.size().toMillis(),
                windows.advance().toMillis(),
                windows.offset().toMillis(),
                EARLIEST_START);
    }
}
