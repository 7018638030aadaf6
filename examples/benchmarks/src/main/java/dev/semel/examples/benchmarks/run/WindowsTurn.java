package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.contestant.Result;
import dev.semel.examples.benchmarks.workload.WindowVerdict;

/**
 * One turn of a contestant that counts by window.
 *
 * @param kind whose
 * @param round in which round, from 1
 * @param events how many the input has
 * @param result what its process measured; all zero where it failed
 * @param verdict what its results are
 * @param failure why it did not come to an end; empty where it did
 */
public record WindowsTurn(Kind kind, int round, long events, Result result, WindowVerdict verdict, String failure) {

    /** Whether it ended, and its results are those of the model. */
    public boolean isCorrect() {
        return failure.isEmpty() && verdict.isExact();
    }

    /** Records a second. */
    public double rate() {
        return events / (result.took().toNanos() / 1e9);
    }
}
