package dev.semel.examples.benchmarks.engine;

import java.util.Arrays;

/**
 * The least of the marks of three sources, for engines that have no sources of their own and are told the watermark: exclusive, each
 * so many events. For one thread.
 */
final class CombinedMarks {

    /** How often Flink and Jet are told: in their own pipelines it comes with the clock, and not with each event. */
    static final int INTERVAL = 1_000;

    private final long[] marks = new long[Events.SOURCES];

    CombinedMarks() {
        Arrays.fill(marks, Long.MIN_VALUE);
    }

    void event(int source, long timestamp) {
        marks[source] = Math.max(marks[source], timestamp - Events.DISORDER);
    }

    long value() {
        long least = Long.MAX_VALUE;
        for (long mark : marks) {
            least = Math.min(least, mark);
        }
        return least;
    }
}
