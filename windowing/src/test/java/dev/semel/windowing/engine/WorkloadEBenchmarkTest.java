package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link WorkloadEBenchmark}: a moment in the default build, to see that it works and that both count the same; with
 * {@code -Dsemel.test.long=true} as it says, which takes some minutes and prints a table.
 */
@Timeout(3600)
class WorkloadEBenchmarkTest {

    @Test
    void workloadECanBeMeasured() throws RunnerException {
        var options = new OptionsBuilder().include(WorkloadEBenchmark.class.getName());
        if (!Boolean.getBoolean("semel.test.long")) {
            options.forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .param("events", "20000")
                    .verbosity(VerboseMode.SILENT);
        }
        assertThat(new Runner(options.build()).run())
                .hasSize(4)
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive());
    }

    @Test
    void engineAndLoopCountTheSame() {
        for (String keys : new String[] {"uniform", "zipf"}) {
            assertThat(WorkloadEBenchmark.of(200_000, keys).engine())
                    .as(keys)
                    .isEqualTo(WorkloadEBenchmark.of(200_000, keys).handWrittenLoop());
        }
    }
}
