package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.engine.Emission;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases of lateness, in a topology. */
@ParameterizedClass
@EnumSource(StateWriting.class)
class StreamsLatenessCasesTest {

    @Parameter
    StateWriting writing;

    private WindowsDriver counting(UnaryOperator<EventTimeWindows<String, String>> settings) {
        return WindowsDriver.counting(writing, settings);
    }

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    @DisplayName("case 10: what comes after its window has closed is late")
    void lateAfterTheClose() {
        try (var driver = counting(windows -> windows)) {
            driver.send(5, 10, 9);
            assertThat(driver.results()).containsExactly("k[0, 10)=1");
            assertThat(driver.late()).containsExactly("9");
            assertThat(driver.dispositions()).isEqualTo("P2 L1 R0");
        }
    }

    @Test
    @DisplayName("case 11: within the allowed lateness it is in its window")
    void withinTheAllowedLateness() {
        try (var driver = counting(windows -> windows.allowedLateness(ms(5)))) {
            driver.send(5, 14, 9, 15, 9);
            assertThat(driver.results()).containsExactly("k[0, 10)=2");
            assertThat(driver.late()).containsExactly("9");
            assertThat(driver.dispositions()).isEqualTo("P4 L1 R0");
        }
    }

    @Test
    @DisplayName("case 12: the last point of the lateness accepts, the next does not and leaves no state")
    void theEdgeOfTheLateness() {
        try (var driver = counting(windows -> windows.tumbling(ms(2)).allowedLateness(ms(20)))) {
            driver.send("a", "clock", 21);
            driver.send("a", "k", 0);
            assertThat(driver.late()).isEmpty();
            driver.send("a", "clock", 22);
            assertThat(driver.results()).containsExactly("k[0, 2)=1");
            driver.send("a", "k", 0);
            assertThat(driver.late()).containsExactly("0");
            assertThat(driver.stored()).as("the clock's two windows").hasSize(2);
        }
    }

    @Test
    @DisplayName("case 13: state is freed when the lateness is over")
    void stateIsFreed() {
        try (var driver = counting(
                windows -> windows.tumbling(ms(2_000)).allowedLateness(ms(1)).emission(Emission.inPanes()))) {
            driver.send(1, 2_000);
            assertThat(driver.results()).containsExactly("k[0, 2000)=1");
            assertThat(driver.stored()).hasSize(2);
            driver.send(2_001);
            assertThat(driver.results()).isEmpty();
            assertThat(driver.stored()).hasSize(1);
        }
    }

    @Test
    @DisplayName("case 14: panes on time and late, accumulating and discarding, and silence at the close")
    void panes() {
        for (boolean isDiscarding : List.of(false, true)) {
            Emission panes = isDiscarding ? Emission.inPanes().discarding() : Emission.inPanes();
            try (var driver = counting(windows ->
                    windows.tumbling(ms(2_000)).allowedLateness(ms(500)).emission(panes))) {
                driver.send(10, 20);
                driver.send("a", "clock", 2_301);
                var onTime = driver.resultRecords();
                assertThat(onTime.get(0).value()).isEqualTo("k[0, 2000)=2");
                assertThat(WindowsDriver.header(onTime.get(0), WindowHeaders.PANE_KIND))
                        .isEqualTo("ON_TIME");
                driver.send(1_997);
                var late = driver.resultRecords();
                assertThat(late.get(0).value()).isEqualTo(isDiscarding ? "k[0, 2000)=1" : "k[0, 2000)=3");
                assertThat(WindowsDriver.header(late.get(0), WindowHeaders.PANE_KIND))
                        .isEqualTo("LATE");
                assertThat(WindowsDriver.header(late.get(0), WindowHeaders.PANE_INDEX))
                        .isEqualTo("1");
                driver.send("a", "clock", 6_001);
                assertThat(driver.results()).containsExactly("clock[2000, 4000)=1");
                driver.send(1_998);
                assertThat(driver.late()).containsExactly("1998");
            }
        }
    }

    @Test
    @DisplayName("case 15: an event before the watermark is late only if its window has closed")
    void beforeTheWatermark() {
        try (var driver = counting(windows -> windows)) {
            driver.send("a", "clock", 15);
            driver.send(13, 5, 16, 18);
            assertThat(driver.late()).containsExactly("5");
            assertThat(driver.dispositions()).isEqualTo("P4 L1 R0");
        }
    }

    @Test
    @DisplayName("cases 16 and 17: small windows with lateness")
    void smallWindows() {
        try (var driver = counting(windows -> windows.tumbling(ms(2)).allowedLateness(ms(1)))) {
            driver.send(0, 1, 2, 1, 0, 5, 0);
            assertThat(driver.results()).containsExactly("k[0, 2)=4", "k[2, 4)=1");
            assertThat(driver.dispositions()).isEqualTo("P6 L1 R0");
        }
        try (var driver = counting(windows -> windows.tumbling(ms(2)).allowedLateness(ms(2)))) {
            driver.send(0, 1, 2, 0, 3, 0, 4, 0, 30);
            assertThat(driver.results()).containsExactly("k[0, 2)=4", "k[2, 4)=2", "k[4, 6)=1");
            assertThat(driver.dispositions()).isEqualTo("P8 L1 R0");
        }
    }

    @Test
    @DisplayName("case 18: windows of an hour with five minutes of disorder")
    void hours() {
        Duration bound = Duration.ofMinutes(5);
        try (var driver = counting(windows ->
                windows.tumbling(Duration.ofHours(1)).watermarks(WatermarkStrategy.boundedOutOfOrderness(bound)))) {
            for (int minute : new int[] {16 * 60 + 51, 16 * 60 + 56, 17 * 60 + 30, 17 * 60 + 59, 18 * 60 + 1}) {
                driver.send(Duration.ofMinutes(minute).toMillis());
            }
            assertThat(driver.results()).containsExactly("k[57600000, 61200000)=2");
            driver.send(Duration.ofMinutes(18 * 60 + 10).toMillis());
            assertThat(driver.results()).containsExactly("k[61200000, 64800000)=2");
        }
    }

    @Test
    @DisplayName("case 19: a huge size and lateness wrap nowhere and close nothing early")
    void hugeWindows() {
        try (var driver =
                counting(windows -> windows.tumbling(ms(Long.MAX_VALUE / 2)).allowedLateness(ms(Long.MAX_VALUE - 1)))) {
            driver.send(5, 1L << 40, 6);
            assertThat(driver.results()).isEmpty();
            assertThat(driver.dispositions()).isEqualTo("P3 L0 R0");
        }
    }

    @Test
    @DisplayName("case 20: a slow feed has all its results")
    void aSlowFeed() {
        try (var driver =
                counting(windows -> windows.tumbling(Duration.ofSeconds(60)).allowedLateness(Duration.ofSeconds(10)))) {
            for (int i = 0; i < 50; i++) {
                driver.send(i * 200_000L);
            }
            assertThat(driver.results()).hasSize(49).allMatch(result -> result.endsWith("=1"));
        }
    }

    @Test
    @DisplayName("case 21: a replay at once has all its results, whatever the ticks")
    void aFastReplay() {
        try (var driver = counting(windows -> windows.tumbling(ms(6)))) {
            for (int i = 0; i < 6_000; i++) {
                driver.send(i);
                if (i % 777 == 0) {
                    driver.passes(Duration.ofSeconds(3));
                }
            }
            assertThat(driver.results()).hasSize(999).allMatch(result -> result.endsWith("=6"));
            assertThat(driver.accounts().openContributions()).isEqualTo(6);
        }
    }

    @Test
    @DisplayName("case 22: keys of one source close together")
    void keysOfOneSource() {
        try (var driver = counting(windows -> windows)) {
            driver.send("a", "A", 10);
            driver.send("a", "B", 11);
            driver.send("a", "B", 15);
            driver.send("a", "C", 31);
            assertThat(driver.results()).containsExactly("A[10, 20)=1", "B[10, 20)=2");
        }
    }

    @Test
    @DisplayName("case 48: what is past its lateness leaves no entries")
    void latesLeaveNothing() {
        try (var driver = counting(windows -> windows)) {
            driver.send(100);
            for (int i = 0; i < 90; i++) {
                driver.send(i);
            }
            assertThat(driver.late()).hasSize(90);
            assertThat(driver.stored()).hasSize(1);
        }
    }
}
