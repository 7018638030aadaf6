package dev.semel.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.run.Cluster;
import dev.semel.examples.benchmarks.run.Latency;
import dev.semel.examples.benchmarks.run.LatencyPlan;
import dev.semel.examples.benchmarks.run.LatencyRun;
import dev.semel.examples.benchmarks.run.Measured;
import dev.semel.examples.benchmarks.run.ProcessPlan;
import dev.semel.examples.benchmarks.run.ProcessRun;
import dev.semel.examples.benchmarks.run.Progress;
import dev.semel.examples.benchmarks.run.RestorePlan;
import dev.semel.examples.benchmarks.run.RestoreRun;
import dev.semel.examples.benchmarks.run.Soak;
import dev.semel.examples.benchmarks.run.SoakPlan;
import dev.semel.examples.benchmarks.run.SoakRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Small runs of each kind, with contestants in processes of their own. How fast they are is not asserted. */
class RunsIT {

    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final int RECORDS = 3_000;

    private static Cluster cluster;

    @BeforeAll
    static void startBroker() {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stopBroker() {
        cluster.close();
    }

    @Test
    void eachTurnIsMeasuredAndItsOutputChecked() {
        List<Measured> turns = new ArrayList<>();
        var plan = new ProcessPlan(
                List.of(Kind.SEMEL_PARTITION, Kind.LOOP, Kind.CEILING_256),
                List.of(Duration.ZERO),
                2,
                RECORDS,
                1,
                1,
                INTERVAL,
                "256m",
                Optional.empty());
        new ProcessRun(cluster, plan, Progress.none()).run(turns::add);

        assertThat(turns)
                .as("every other round goes backwards, and who has no use for a handler that does nothing stays away")
                .extracting(Measured::kind)
                .containsExactly(Kind.SEMEL_PARTITION, Kind.LOOP, Kind.LOOP, Kind.SEMEL_PARTITION);
        assertThat(turns).allSatisfy(turn -> {
            assertThat(turn.failure()).isEmpty();
            assertThat(turn.verdict()).hasToString("exact");
            assertThat(turn.result().handled()).isEqualTo(RECORDS);
            assertThat(turn.result().took()).isPositive();
        });
    }

    @Test
    void aHandlerThatBlocksTakesItsTime() {
        List<Measured> turns = new ArrayList<>();
        var plan = new ProcessPlan(
                List.of(Kind.LOOP, Kind.CEILING_256),
                List.of(Duration.ofMillis(1)),
                1,
                1,
                2_560,
                256,
                INTERVAL,
                "256m",
                Optional.empty());
        new ProcessRun(cluster, plan, Progress.none()).run(turns::add);

        assertThat(turns).allMatch(Measured::isCorrect);
        assertThat(turns.get(0).result().took()).isGreaterThan(Duration.ofMillis(256));
        assertThat(turns.get(1).result().took()).isGreaterThan(Duration.ofMillis(10));
    }

    @Test
    void latencyCountsWhatIsDueAfterTheWarmUp() {
        List<Latency> turns = new ArrayList<>();
        var plan = new LatencyPlan(
                List.of(Kind.SEMEL_PARTITION), 1, 500, Duration.ofSeconds(1), Duration.ofSeconds(2), INTERVAL, "256m");
        new LatencyRun(cluster, plan, Progress.none()).run(turns::add);

        assertThat(turns).singleElement().satisfies(turn -> {
            assertThat(turn.failure()).isEmpty();
            assertThat(turn.verdict()).hasToString("exact");
            // The warm-up ends between two records, and the feed begins a moment after it was told to.
            assertThat(turn.micros().getTotalCount()).isBetween(950L, 1_500L);
            assertThat(turn.millis(100)).isPositive();
        });
    }

    @Test
    void marksAreRestoredInAFreshProcess() {
        var plan = new RestorePlan(RECORDS, 2, INTERVAL, "256m");
        assertThat(new RestoreRun(cluster, plan, Progress.none()).run())
                .hasSize(2)
                .allSatisfy(round -> {
                    assertThat(round.took()).isPositive();
                    assertThat(round.marks()).isEqualTo(RECORDS);
                });
    }

    @Test
    void aLongRunTellsThroughputAndHeapOfEachPart() {
        List<Soak.Minute> told = new ArrayList<>();
        var plan = new SoakPlan(
                Kind.SEMEL_PARTITION, Duration.ofSeconds(4), Duration.ofSeconds(1), 2_000, INTERVAL, "256m");
        Soak soak = new SoakRun(cluster, plan, Progress.none()).run(told::add);

        assertThat(soak.verdict()).hasToString("exact");
        assertThat(soak.minutes()).isEqualTo(told).hasSize(4);
        assertThat(told.get(3).rate()).isPositive();
        assertThat(told.get(3).heapBytes()).isBetween(1_000_000L, 256_000_000L);
    }
}
