package dev.semel.idempotency.internal.marks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link MarkTableBenchmark}: a moment in the default build, to see that it works; with {@code -Dsemel.test.long=true} as it
 * says, which takes some minutes and prints a table.
 */
@Timeout(3600)
class MarkTableBenchmarkTest {

    @Test
    void theTableCanBeMeasured() throws RunnerException {
        var options = new OptionsBuilder().include(MarkTableBenchmark.class.getName());
        if (!Boolean.getBoolean("semel.test.long")) {
            options.forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(20))
                    .param("keys", "1000")
                    .verbosity(VerboseMode.SILENT);
        }
        assertThat(new Runner(options.build()).run())
                .hasSize(Boolean.getBoolean("semel.test.long") ? 9 : 3)
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive());
    }
}
