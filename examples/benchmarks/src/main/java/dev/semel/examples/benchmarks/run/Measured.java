package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.contestant.Result;
import dev.semel.examples.benchmarks.workload.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One turn of a contestant.
 *
 * @param kind whose
 * @param handler how long its handler blocked
 * @param round in which round, from 1
 * @param records how many records the input has
 * @param result what its process measured; all zero where it failed
 * @param verdict what its output is
 * @param failure why it did not come to an end; empty where it did
 * @param recording the flight recording of its process, if there is one
 */
public record Measured(
        Kind kind,
        Duration handler,
        int round,
        long records,
        Result result,
        Verdict verdict,
        String failure,
        Optional<Path> recording) {

    /** Whether it ended, and its output is exactly its input. */
    public boolean isCorrect() {
        return failure.isEmpty() && verdict.isExact();
    }

    /** Records a second. */
    public double rate() {
        return records / (result.took().toNanos() / 1e9);
    }
}
