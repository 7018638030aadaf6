package dev.semel.windowing.engine;

import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.windows.OpenEnds;

/** When early panes are due: each time the watermark has moved on by an interval, counted from the start of the window. */
final class EarlyTimer {

    private final long intervalMillis;
    private final long sizeMillis;
    private final OpenEnds ends;
    private long dueAt = EventTime.MAX;

    /** @param intervalMillis {@link EventTime#MAX} for no early panes */
    EarlyTimer(long intervalMillis, long sizeMillis, OpenEnds ends) {
        this.intervalMillis = intervalMillis;
        this.sizeMillis = sizeMillis;
        this.ends = ends;
    }

    /** The least watermark at which one is due. */
    long dueAt() {
        return dueAt;
    }

    void opened(long end, long watermark) {
        dueAt = Math.min(dueAt, next(end, watermark));
    }

    void restored(long watermark) {
        dueAt = EventTime.MAX;
        for (int i = ends.upTo(watermark); i < ends.size(); i++) {
            opened(ends.at(i), watermark);
        }
    }

    /** Hands over the windows in which the watermark has passed a point of the timer. */
    void schedule(long watermark, long scheduledUpTo, PaneCursor cursor) {
        dueAt = EventTime.MAX;
        for (int i = ends.upTo(watermark); i < ends.size(); i++) {
            long end = ends.at(i);
            long last = last(end, watermark);
            if (last > end - sizeMillis && last > scheduledUpTo) {
                cursor.scheduleEarly(end);
            }
            opened(end, watermark);
        }
    }

    /** The last point that the watermark has reached; the start if it has reached none. */
    private long last(long end, long watermark) {
        long start = end - sizeMillis;
        return watermark <= start ? start : start + (watermark - start) / intervalMillis * intervalMillis;
    }

    private long next(long end, long watermark) {
        if (watermark >= end) {
            return EventTime.MAX;
        }
        long next = EventTime.plus(last(end, watermark), intervalMillis);
        return next < end ? next : EventTime.MAX;
    }
}
