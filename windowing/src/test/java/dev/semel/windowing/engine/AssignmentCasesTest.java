package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cases 1 to 9: which window an event is in. */
class AssignmentCasesTest {

    private static List<String> windowsOf(long size, long offset, long... timestamps) {
        var windows = new ArrayList<String>();
        for (long timestamp : timestamps) {
            var probe = Probe.of(WindowEngine.of(
                    WindowAssigner.tumbling(Duration.ofMillis(size), Duration.ofMillis(offset)), Probe.COUNT));
            assertThat(probe.event(Probe.SOURCE, timestamp)).isEqualTo("P");
            probe.watermark(Long.MAX_VALUE);
            probe.takeResults().forEach(result -> windows.add(result.substring(0, result.indexOf(')') + 1)));
        }
        return windows;
    }

    @Test
    @DisplayName("case 1: the start belongs to a window, the end to the next; each event is in exactly one")
    void startIsInEndIsNot() {
        assertThat(windowsOf(10, 0, 0, 9, 10)).containsExactly("[0, 10)", "[0, 10)", "[10, 20)");
    }

    @Test
    @DisplayName("case 2: windows before the epoch are like those after it")
    void beforeTheEpoch() {
        assertThat(windowsOf(10, 0, -1, -10, -11)).containsExactly("[-10, 0)", "[-10, 0)", "[-20, -10)");
    }

    @Test
    @DisplayName("case 3: an offset moves the starts")
    void offset() {
        assertThat(windowsOf(7, 3, 1, 3, 10)).containsExactly("[-4, 3)", "[3, 10)", "[10, 17)");
    }

    @Test
    @DisplayName("case 4: an offset can be negative")
    void negativeOffset() {
        assertThat(windowsOf(7, -2, -2, 4, 7)).containsExactly("[-2, 5)", "[-2, 5)", "[5, 12)");
    }

    @Test
    @DisplayName("case 5: days begin at midnight somewhere else than in Greenwich")
    void daysElsewhere() {
        long day = Duration.ofDays(1).toMillis();
        assertThat(windowsOf(day, -Duration.ofHours(8).toMillis(), 1470902048450L))
                .containsExactly("[1470844800000, " + (1470844800000L + day) + ")");
    }

    @Test
    @DisplayName("case 6: an offset of half a window")
    void halfAWindow() {
        assertThat(windowsOf(10, 5, 1, 2)).containsExactly("[-5, 5)", "[-5, 5)");
        assertThat(windowsOf(10, 5, 5, 9, 10, 11)).containsOnly("[5, 15)").hasSize(4);
    }

    @Test
    @DisplayName(
            "case 7: a size of nothing, an offset of a window or more and a negative lateness are refused when building")
    void refusedSettings() {
        assertThatThrownBy(() -> WindowAssigner.tumbling(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("size")
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> WindowAssigner.tumbling(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        for (long offset : new long[] {10, -10, 11}) {
            assertThatThrownBy(() -> WindowAssigner.tumbling(Duration.ofMillis(10), Duration.ofMillis(offset)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("offset");
        }
        assertThatThrownBy(() -> Probe.tumbling(10).allowedLateness(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lateness");
    }

    @Test
    @DisplayName("case 8: an event whose window would end or start out of range is rejected, and the next record works")
    void outOfRange() {
        var probe = Probe.ofTen();
        for (long timestamp : new long[] {Long.MAX_VALUE - 3, Long.MIN_VALUE + 3}) {
            assertThat(Probe.reason(probe.event(Probe.SOURCE, Probe.KEY, timestamp, 1)))
                    .isEqualTo(Rejection.TIMESTAMP);
        }
        assertThat(probe.events(5)).isEqualTo("P");
        probe.assertCounts(1, 0, 2);
    }

    @Test
    @DisplayName("an event with a window that would begin before the earliest start is rejected, whatever the windows")
    void beforeTheEarliestStart() {
        var tumbling = Probe.of(Probe.tumbling(10).earliestStart(0));
        assertThat(tumbling.events(-1, 0)).isEqualTo("RP");
        var hopping = Probe.of(
                WindowEngine.of(WindowAssigner.hopping(Duration.ofMillis(10), Duration.ofMillis(4)), Probe.COUNT)
                        .earliestStart(0));
        // 4 is in [-4, 6), 7 in [0, 10) and [4, 14) only.
        assertThat(hopping.events(0, 4, 5, 6, 7, 8)).isEqualTo("RRRPPP");
        hopping.assertCounts(3, 0, 3);
    }

    @Test
    @DisplayName("case 9: the least number there is is rejected")
    void leastNumber() {
        var probe = Probe.ofTen();
        assertThat(probe.events(Long.MIN_VALUE)).isEqualTo("R");
        probe.assertEmpty();
        assertThat(probe.engine.watermark()).isEqualTo(Long.MIN_VALUE);
    }
}
