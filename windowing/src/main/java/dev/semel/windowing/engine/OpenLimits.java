package dev.semel.windowing.engine;

import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.watermark.Source;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import org.jspecify.annotations.Nullable;

/** Whether a record may open more state, and what makes room for it. */
final class OpenLimits {

    private final OpenStateLimit limit;
    private final boolean isBounded;
    private final long latenessMillis;
    private final SourceWatermarks marks;
    private final Clock clock;
    private final OpenState open;

    OpenLimits(OpenStateLimit limit, long latenessMillis, SourceWatermarks marks, Clock clock, OpenState open) {
        this.limit = limit;
        this.isBounded = limit != OpenStateLimit.none();
        this.latenessMillis = latenessMillis;
        this.marks = marks;
        this.clock = clock;
        this.open = open;
    }

    /**
     * Whether there is room, or room can be made.
     *
     * @param oldest the end of the oldest window that the record belongs to, and must not close
     */
    boolean admits(long oldest, int newWindows, int newEntries, long now) {
        if (!isBounded || fits(newWindows, newEntries)) {
            return true;
        }
        return switch (limit.beyond()) {
            case FAIL ->
                throw new OpenStateLimitException("a record would open " + newWindows + " windows and "
                        + newEntries + " entries more, with " + open.windows() + " windows, " + clock.openEntries
                        + " entries and about " + open.bytes() + " bytes open, and the limit is " + limit + "; "
                        + holder()
                        + ": find out why it is behind, or give the strategy an idleness or a bound on drift");
            case SHED -> false;
            case FORCE_ADVANCE -> makesRoom(oldest, newWindows, newEntries, now);
        };
    }

    private boolean fits(int newWindows, int newEntries) {
        return open.windows() + newWindows <= limit.windows()
                && clock.openEntries + newEntries <= limit.entries()
                && (newEntries == 0 || limit.bytes() == Long.MAX_VALUE || open.bytes() < limit.bytes());
    }

    /** What is forced to close is closed whole, in slices of no size: it has to be gone before there is room. */
    private boolean makesRoom(long oldest, int newWindows, int newEntries, long now) {
        open.closeDue();
        while (!fits(newWindows, newEntries)) {
            long first = open.firstEnd();
            if (first >= oldest) {
                return false;
            }
            long point = EventTime.plus(first, latenessMillis);
            if (point == EventTime.MAX) {
                // Beyond all time: that would close every window there can be.
                return false;
            }
            long closedBefore = clock.closedWindows;
            marks.advanceTo(point, now);
            clock.moved();
            open.closeDue();
            clock.forcedWindows += clock.closedWindows - closedBefore;
        }
        return true;
    }

    private String holder() {
        @Nullable Source holder = marks.holder();
        return holder == null ? "no source is active" : "the source " + holder.shownName() + " holds them open";
    }
}
