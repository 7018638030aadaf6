package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.time.LocalTime;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cases 10 to 22: when an event is late, and when a window closes. */
class LatenessCasesTest {

    private static Probe probe(long size, long lateness) {
        return Probe.of(Probe.tumbling(size).allowedLateness(Duration.ofMillis(lateness)));
    }

    private static String results(Probe probe) {
        return String.join(", ", probe.takeResults());
    }

    @Test
    @DisplayName("case 10: an event for a closed window is late")
    void lateAfterTheClose() {
        var probe = Probe.ofTen();
        assertThat(probe.events(5, 10, 9)).isEqualTo("PPL");
        assertThat(results(probe)).isEqualTo("[0, 10) 1");
        probe.assertCounts(2, 1, 0);
    }

    @Test
    @DisplayName("case 11: within the allowed lateness an event is processed")
    void allowedLateness() {
        var probe = probe(10, 5);
        assertThat(probe.events(5, 14, 9, 15, 9)).isEqualTo("PPPPL");
        assertThat(results(probe)).isEqualTo("[0, 10) 2");
        probe.assertCounts(4, 1, 0);
    }

    @Test
    @DisplayName("case 12: one before end + L accepts, end + L is late and leaves no state")
    void equalityWithLateness() {
        var probe = probe(2, 20);
        probe.watermark(21);
        assertThat(probe.events(0)).isEqualTo("P");
        probe.watermark(22);
        assertThat(results(probe)).isEqualTo("[0, 2) 1");
        assertThat(probe.events(0)).isEqualTo("L");
        probe.assertEmpty();
    }

    @Test
    @DisplayName("case 13: a window fires at its end, and its state is gone when the lateness is over")
    void firesAndIsFreed() {
        var probe = Probe.of(
                Probe.tumbling(2_000).allowedLateness(Duration.ofMillis(1)).emission(Emission.inPanes()));
        probe.events(0);
        probe.watermark(1_999);
        assertThat(results(probe)).isEmpty();
        probe.watermark(2_000);
        assertThat(results(probe)).isEqualTo("[0, 2000) 1 ON_TIME 0");
        assertThat(probe.store.entries).hasSize(1);
        probe.watermark(2_001);
        assertThat(results(probe)).isEmpty();
        probe.assertEmpty();
    }

    @Test
    @DisplayName("case 14: panes: on time when the window fires, late for each event after that, silent at the close")
    void panes() {
        for (boolean discarding : new boolean[] {false, true}) {
            Emission emission = discarding ? Emission.inPanes().discarding() : Emission.inPanes();
            var probe = Probe.of(Probe.tumbling(2_000)
                    .allowedLateness(Duration.ofMillis(500))
                    .emission(emission));
            probe.events(1_000, 1_500);
            probe.watermark(2_301);
            assertThat(results(probe)).isEqualTo("[0, 2000) 2 ON_TIME 0");
            assertThat(probe.events(1_997)).isEqualTo("P");
            assertThat(results(probe)).isEqualTo("[0, 2000) " + (discarding ? 1 : 3) + " LATE 1");
            probe.watermark(6_001);
            assertThat(results(probe)).isEmpty();
            assertThat(probe.events(1_998)).isEqualTo("L");
            probe.assertEmpty();
        }
    }

    @Test
    @DisplayName("case 15: an event before the watermark is late only if its window is closed")
    void beforeTheWatermark() {
        var probe = Probe.ofTen();
        probe.watermark(15);
        assertThat(probe.events(13, 5, 16, 18)).isEqualTo("PLPP");
        probe.assertCounts(3, 1, 0);
    }

    @Test
    @DisplayName("case 16: two windows with a lateness of 1")
    void latenessOfOne() {
        var probe = probe(2, 1);
        probe.events(0, 1, 2, 1, 0, 5, 0);
        probe.watermark(Long.MAX_VALUE);
        assertThat(results(probe)).startsWith("[0, 2) 4, [2, 4) 1");
        probe.assertCounts(6, 1, 0);
    }

    @Test
    @DisplayName("case 17: three windows with a lateness of 2")
    void latenessOfTwo() {
        var probe = probe(2, 2);
        probe.events(0, 1, 2, 0, 3, 0, 4, 0, 30);
        assertThat(results(probe)).isEqualTo("[0, 2) 4, [2, 4) 2, [4, 6) 1");
        probe.assertCounts(8, 1, 0);
    }

    @Test
    @DisplayName("case 18: hours with five minutes of disorder close five minutes late")
    void hours() {
        var probe = Probe.of(Probe.tumbling(Duration.ofHours(1).toMillis())
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofMinutes(5))));
        for (String time : "16:51 16:56 17:30 17:59 18:01".split(" ")) {
            probe.events(LocalTime.parse(time).toSecondOfDay() * 1_000L);
        }
        assertThat(results(probe)).isEqualTo("[57600000, 61200000) 2");
        probe.events(LocalTime.parse("18:10").toSecondOfDay() * 1_000L);
        assertThat(results(probe)).isEqualTo("[61200000, 64800000) 2");
    }

    @Test
    @DisplayName("case 19: a huge window with a huge lateness neither wraps nor closes early")
    void hugeWindows() {
        var probe = probe(Long.MAX_VALUE / 2, Long.MAX_VALUE);
        assertThat(probe.events(0, Long.MAX_VALUE / 2 - 1, Long.MAX_VALUE - 2, 0))
                .isEqualTo("PPPP");
        assertThat(results(probe)).isEmpty();
        probe.watermark(Long.MAX_VALUE - 1);
        assertThat(results(probe)).isEmpty();
        probe.watermark(Long.MAX_VALUE);
        assertThat(results(probe)).startsWith("[0, ");
        probe.assertEmpty();
        assertThat(probe.events(0)).as("the end of all time closes everything").isEqualTo("L");
    }

    @Test
    @DisplayName("case 20: one event each 200 s in 60 s windows loses no result")
    void sparseEvents() {
        var probe = probe(60_000, 10_000);
        probe.events(LongStream.range(0, 50).map(i -> i * 200_000).toArray());
        assertThat(probe.takeResults()).hasSize(49);
        probe.assertCounts(50, 0, 0);
    }

    @Test
    @DisplayName("case 21: a thousand windows replayed at once lose no result, whatever the ticks")
    void fastReplay() {
        for (boolean ticking : new boolean[] {false, true}) {
            var probe = probe(60_000, 10_000);
            for (int i = 0; i < 6_000; i++) {
                probe.events(i * 10_000L);
                if (ticking && i % 7 == 0) {
                    probe.tickAt(probe.now + 500);
                }
            }
            probe.watermark(1_000 * 60_000L + 9_999);
            assertThat(probe.results).hasSize(999);
            assertThat(probe.results.stream()
                            .mapToLong(WindowResult::accumulator)
                            .sum())
                    .isEqualTo(5_994);
            assertThat(probe.engine.accounts().openContributions()).isEqualTo(6);
        }
    }

    @Test
    @DisplayName("case 22: a key that has stopped gets its results by the others' events")
    void keysCloseTogether() {
        var probe = Probe.ofTen();
        probe.event(Probe.SOURCE, "A", 10, 1);
        probe.event(Probe.SOURCE, "B", 11, 1);
        probe.event(Probe.SOURCE, "B", 15, 1);
        probe.event(Probe.SOURCE, "C", 31, 1);
        assertThat(results(probe)).isEqualTo("[10, 20) A 1, [10, 20) B 2");
    }
}
