package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.workload.Verdict;
import org.HdrHistogram.Histogram;

/**
 * One turn of a contestant under a steady load.
 *
 * @param kind whose
 * @param round in which round, from 1
 * @param micros from when each record was due to when it was seen at {@code read_committed}, in microseconds
 * @param verdict what its output is
 * @param failure why it did not come to an end; empty where it did
 */
public record Latency(Kind kind, int round, Histogram micros, Verdict verdict, String failure) {

    /** Whether it ended, and its output is exactly its input. */
    public boolean isCorrect() {
        return failure.isEmpty() && verdict.isExact();
    }

    /** In milliseconds, below which so many of a hundred were. */
    public double millis(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }
}
