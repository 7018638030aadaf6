package dev.semel.windowing.internal.watermark;

import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.watermark.InputLag;

/** One input that records come from, a partition: how far the furthest of its sources is, and whether it has something left to read. */
public final class Feed {

    final String name;
    long largest = EventTime.MIN;
    long first = EventTime.MIN;
    long lag = InputLag.UNKNOWN;

    Feed(String name) {
        this.name = name;
    }

    void saw(long mark) {
        if (mark > largest) {
            if (largest == EventTime.MIN) {
                first = mark;
            }
            largest = mark;
        }
    }

    boolean hasReported() {
        return largest != EventTime.MIN;
    }

    boolean hasBacklog() {
        return lag > 0;
    }

    /** By how much the furthest source has moved on since its mark was this. */
    boolean movedOn(long since, long by) {
        return hasReported() && EventTime.minus(largest, by) >= since;
    }
}
