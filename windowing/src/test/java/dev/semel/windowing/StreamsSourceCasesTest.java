package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.engine.MissingSource;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.ReturningSource;
import dev.semel.windowing.watermark.SourceLimit;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases of sources, in a topology. */
@ParameterizedClass
@EnumSource(StateWriting.class)
class StreamsSourceCasesTest {

    private static final WatermarkStrategy IN_ORDER = WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO);
    private static final WatermarkStrategy IDLE = IN_ORDER.withIdleness(Duration.ofSeconds(5));

    @Parameter
    StateWriting writing;

    private WindowsDriver counting(UnaryOperator<EventTimeWindows<String, String>> settings) {
        return WindowsDriver.counting(writing, settings);
    }

    /** Two sources, of which b is silent until it is idle and a is not. */
    private WindowsDriver withIdle(WatermarkStrategy strategy) {
        var driver = counting(
                windows -> windows.declare("a", "b").watermarks(strategy).lag(InputLag.none()));
        driver.send("b", "k", 20);
        for (int second = 0; second <= 6; second++) {
            driver.send("a", "k", 100);
            driver.passes(Duration.ofSeconds(1));
        }
        return driver;
    }

    @Test
    @DisplayName("case 23: the slowest source closes windows")
    void theSlowestDecides() {
        try (var driver = counting(windows -> windows.declare("a", "b"))) {
            driver.send("a", "k", 100);
            driver.send("b", "k", 5);
            driver.send("b", "k", 7);
            assertThat(driver.results()).isEmpty();
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.report().watermark()).isEqualTo(7);
            driver.send("b", "k", 20);
            assertThat(driver.results()).containsExactly("k[0, 10)=2");
            assertThat(driver.dispositions()).isEqualTo("P4 L0 R0");
        }
    }

    @Test
    @DisplayName("case 24: what is between the slowest and the fastest is processed")
    void betweenTheSources() {
        try (var driver = counting(windows -> windows.declare("a", "b"))) {
            driver.send("a", "k", 100);
            driver.send("b", "k", 20);
            driver.send("b", "k", 25);
            assertThat(driver.dispositions()).isEqualTo("P3 L0 R0");
        }
    }

    @Test
    @DisplayName(
            "case 25: a source that was idle is late for what closed without it, and does not set the watermark back")
    void anIdleSource() {
        try (var driver = withIdle(IDLE)) {
            assertThat(driver.report().watermark()).isEqualTo(100);
            driver.send("b", "k", 30);
            assertThat(driver.late()).containsExactly("30");
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.report().watermark()).isEqualTo(100);
        }
    }

    @Test
    @DisplayName("case 26: with flush, the watermark goes to the largest mark once all are idle, in either order")
    void flush() {
        for (String last : List.of("a", "b")) {
            try (var driver = counting(windows -> windows.declare("a", "b")
                    .watermarks(IDLE.withFlushWhenAllIdle())
                    .lag(InputLag.none()))) {
                long lastTime = last.equals("a") ? 15 : 4;
                driver.send("a", "k", 15);
                driver.send("b", "k", 4);
                for (int second = 0; second < 6; second++) {
                    driver.send(last, "other", lastTime);
                    driver.passes(Duration.ofSeconds(1));
                }
                assertThat(driver.report().watermark()).isEqualTo(lastTime);
                for (int second = 0; second < 6; second++) {
                    driver.passes(Duration.ofSeconds(1));
                }
                assertThat(driver.report().watermark()).isEqualTo(15);
                assertThat(driver.results()).contains("k[0, 10)=1");
            }
        }
    }

    @Test
    @DisplayName("case 27: when all are idle the watermark stays where it is")
    void allIdle() {
        try (var driver = withIdle(IDLE)) {
            for (int second = 0; second < 20; second++) {
                driver.passes(Duration.ofSeconds(1));
            }
            assertThat(driver.report().watermark()).isEqualTo(100);
        }
    }

    @Test
    @DisplayName("case 28: a source that comes back holds the watermark, or catches up first")
    void comingBack() {
        for (ReturningSource policy : ReturningSource.values()) {
            try (var driver = withIdle(IDLE.withReturningSource(policy))) {
                driver.send("b", "k", 95);
                driver.send("a", "k", 200);
                driver.passes(Duration.ofSeconds(1));
                assertThat(driver.report().watermark()).isEqualTo(policy == ReturningSource.HOLD ? 100 : 200);
            }
        }
    }

    @Test
    @DisplayName("case 29: a new source below the watermark is judged by its window")
    void aNewSource() {
        try (var driver = counting(windows -> windows)) {
            driver.send("a", "k", 15);
            driver.send("new", "k", 12);
            driver.send("other", "k", 3);
            assertThat(driver.late()).containsExactly("3");
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.report().watermark()).isEqualTo(15);
        }
    }

    /** What a replay looks like: a backlog, and no time of day to speak of. */
    @Test
    @DisplayName(
            "while its partition has a backlog, an id is idle when event time has moved on by the idleness, and no sooner")
    void idleByEventTime() {
        try (var driver = counting(
                windows -> windows.declare("a", "b", "slow").watermarks(IDLE).lag(input -> 1_000))) {
            driver.passes(Duration.ofSeconds(1));
            driver.send("b", "k", 1_000);
            for (long time = 1_000; time < 6_000; time += 500) {
                driver.send("a", "k", time);
                driver.send("slow", "k", time / 1_000);
            }
            driver.passes(Duration.ofHours(1));
            assertThat(driver.report().watermark())
                    .as("slow is far behind, and not silent")
                    .isEqualTo(5);
            driver.send("slow", "k", 1_100);
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.report().watermark()).as("b is waited for").isEqualTo(1_000);
            driver.send("a", "k", 6_000);
            driver.send("slow", "k", 1_500);
            assertThat(driver.results()).isNotEmpty();
            driver.send("b", "k", 1_200);
            assertThat(driver.late()).as("b has not been waited for").containsExactly("1200");
            assertThat(driver.dispositions()).isEqualTo("P24 L1 R0");
        }
    }

    private WindowsDriver byPartition(InputLag lag) {
        return counting(windows -> windows.sources(SourceExtractor.partition("events", "silent"))
                .watermarks(IDLE)
                .lag(lag));
    }

    @Test
    @DisplayName("case 31: a partition without any record is idle when it has nothing to read")
    void aPartitionWithoutRecords() {
        try (var driver = byPartition(InputLag.none())) {
            driver.send(5, 50);
            assertThat(driver.results()).isEmpty();
            for (int second = 0; second < 8; second++) {
                driver.send(51);
                driver.passes(Duration.ofSeconds(1));
            }
            assertThat(driver.results()).containsExactly("k[0, 10)=1");
        }
    }

    @Test
    @DisplayName("case 32: a partition with something to read is not idle, nor one of which nothing is known")
    void aPartitionWithLag() {
        for (long lag : new long[] {3, InputLag.UNKNOWN}) {
            try (var driver = byPartition(input -> input.equals("silent-0") ? lag : 0)) {
                driver.send(5, 50);
                for (int second = 0; second < 60; second++) {
                    driver.passes(Duration.ofSeconds(1));
                }
                assertThat(driver.results()).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("case 33: an hour in which the thread stands still is nobody's silence")
    void theThreadStandsStill() {
        try (var driver = byPartition(InputLag.none())) {
            driver.send(5, 50);
            driver.passes(Duration.ofHours(1));
            assertThat(driver.results()).isEmpty();
        }
    }

    @Test
    @DisplayName("case 35: a record without source is of one of its own, or rejected")
    void withoutSource() {
        try (var driver = counting(windows -> windows.missingSource(MissingSource.DEFAULT_SOURCE))) {
            driver.send(null, "k", 5);
            assertThat(driver.dispositions()).isEqualTo("P1 L0 R0");
        }
        try (var driver = counting(windows -> windows.missingSource(MissingSource.REJECT))) {
            driver.send(null, "k", 5);
            assertThat(driver.rejected(Rejection.NO_SOURCE)).isEqualTo(1);
            assertThat(driver.report().watermark()).isEqualTo(Long.MIN_VALUE);
            assertThat(driver.stored()).isEmpty();
        }
    }

    @Test
    @DisplayName("case 36: a third source of two is rejected, or merged with what else is too much")
    void tooManySources() {
        for (SourceLimit policy : SourceLimit.values()) {
            try (var driver = counting(windows -> windows.watermarks(IN_ORDER.withMaxSources(2, policy)))) {
                driver.send("a", "k", 5);
                driver.send("b", "k", 5);
                driver.send("c", "k", 5);
                assertThat(driver.dispositions()).isEqualTo(policy == SourceLimit.REJECT ? "P2 L0 R1" : "P3 L0 R0");
            }
        }
    }

    @Test
    @DisplayName("the incident's clocks: the slowest of three gives the watermark, and what is before it is on time")
    void theIncident() {
        try (var driver =
                counting(windows -> windows.tumbling(Duration.ofMinutes(10)).declare("A", "B", "C"))) {
            driver.send("A", "k", 1_705_544_400_000L);
            driver.send("B", "k", 1_705_544_520_000L);
            driver.send("C", "k", 1_705_544_100_000L);
            driver.send("A", "k", 1_705_544_150_000L);
            assertThat(driver.dispositions()).isEqualTo("P4 L0 R0");
            assertThat(driver.report().watermark()).isEqualTo(1_705_544_100_000L);
        }
    }
}
