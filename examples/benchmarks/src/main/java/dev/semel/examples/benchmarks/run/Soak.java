package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.workload.Verdict;
import java.time.Duration;
import java.util.List;

/**
 * A long run of a contestant.
 *
 * @param minutes what happened, in order
 * @param verdict what its output is
 */
public record Soak(List<Minute> minutes, Verdict verdict) {

    /** Immutable. */
    public Soak {
        minutes = List.copyOf(minutes);
    }

    /**
     * One part of it, by default a minute.
     *
     * @param end how long it had been running at the end of this part
     * @param rate records that became visible a second
     * @param heapBytes heap in use after a full collection, when the contestant last said so; 0 if it has not yet
     * @param collections time in garbage collections so far, those full ones included
     */
    public record Minute(Duration end, double rate, long heapBytes, Duration collections) {}
}
