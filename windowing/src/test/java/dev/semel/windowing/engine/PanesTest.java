package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Results that say something sooner and are corrected later. */
class PanesTest {

    private static WindowEngineBuilder<String, Long, Long> settings(Emission emission) {
        return Probe.tumbling(100).allowedLateness(Duration.ofMillis(50)).emission(emission);
    }

    @Test
    @DisplayName("early panes come each interval of event time, of keys that have changed, with the next index")
    void early() {
        var probe = Probe.of(settings(Emission.inPanes().withEarly(Duration.ofMillis(30))));
        probe.events(5, 10);
        assertThat(probe.takeResults()).isEmpty();
        probe.events(30);
        assertThat(probe.takeResults()).containsExactly("[0, 100) 3 EARLY 0");
        probe.event("s", "other", 59, 1);
        assertThat(probe.takeResults()).isEmpty();
        probe.event("s", "other", 60, 1);
        assertThat(probe.takeResults()).as("k has not changed").containsExactly("[0, 100) other 2 EARLY 0");
        probe.event("s", "other", 150, 1);
        assertThat(probe.takeResults())
                .containsExactly("[0, 100) 3 ON_TIME 1", "[0, 100) other 2 ON_TIME 1", "[100, 200) other 1 EARLY 0");
    }

    @Test
    @DisplayName("discarding panes show what is new and add up; a key with nothing new has no pane on time")
    void discarding() {
        var probe = Probe.of(
                settings(Emission.inPanes().withEarly(Duration.ofMillis(30)).discarding()));
        probe.events(5, 10, 30);
        probe.event("s", "other", 31, 1);
        probe.event("s", "other", 100, 1);
        probe.events(7, 8);
        assertThat(probe.takeResults())
                .containsExactly(
                        "[0, 100) 3 EARLY 0", "[0, 100) other 1 ON_TIME 0", "[0, 100) 1 LATE 1", "[0, 100) 1 LATE 2");
        probe.watermark(Long.MAX_VALUE);
        assertThat(probe.engine.accounts().openContributions()).isZero();
    }

    @Test
    @DisplayName("a watermark that jumps over early points and the end emits the pane on time only")
    void jump() {
        var probe = Probe.of(settings(Emission.inPanes().withEarly(Duration.ofMillis(10))));
        probe.events(5, 500);
        assertThat(probe.takeResults()).containsExactly("[0, 100) 1 ON_TIME 0");
    }

    @Test
    @DisplayName("a key that comes first when its window has fired has a late pane and none on time")
    void firstWhenLate() {
        var probe = Probe.of(settings(Emission.inPanes()));
        probe.event("s", "other", 5, 1);
        probe.watermark(120);
        probe.takeResults();
        probe.events(7);
        assertThat(probe.takeResults()).containsExactly("[0, 100) 1 LATE 0");
        probe.watermark(149);
        assertThat(probe.events(8)).isEqualTo("P");
        probe.watermark(150);
        assertThat(probe.takeResults()).containsExactly("[0, 100) 2 LATE 1");
        probe.assertEmpty();
    }

    @Test
    @DisplayName("hopping windows have late panes in those windows that have fired, and only there")
    void hopping() {
        var probe = Probe.of(
                WindowEngine.of(WindowAssigner.hopping(Duration.ofMillis(10), Duration.ofMillis(5)), Probe.COUNT)
                        .allowedLateness(Duration.ofMillis(3))
                        .emission(Emission.inPanes()));
        probe.events(8, 12);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1 ON_TIME 0");
        probe.events(9);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 2 LATE 1");
        probe.events(13, 9);
        assertThat(probe.takeResults()).as("[0, 10) is closed").isEmpty();
        assertThat(probe.engine.accounts().lateContributions()).isEqualTo(1);
    }

    @Test
    @DisplayName("in slices, a key whose pane on time is due still has it before a late one, as without slices")
    void slices() {
        var probe = Probe.of(settings(Emission.inPanes()).resultsPerCall(1));
        for (String key : List.of("a", "b", "c", "d")) {
            probe.event("s", key, 5, 1);
        }
        probe.watermark(100);
        assertThat(probe.takeResults()).containsExactly("[0, 100) a 1 ON_TIME 0");
        probe.event("s", "c", 6, 1);
        assertThat(probe.takeResults())
                .containsExactly("[0, 100) c 1 ON_TIME 0", "[0, 100) c 2 LATE 1", "[0, 100) b 1 ON_TIME 0");
        probe.restart();
        probe.engine.emitMore();
        probe.engine.emitMore();
        assertThat(probe.takeResults()).as("the cursor has survived").containsExactly("[0, 100) d 1 ON_TIME 0");
        probe.engine.emitMore();
        assertThat(probe.takeResults()).isEmpty();
        assertThat(probe.engine.hasDue()).isFalse();
    }

    @Test
    @DisplayName("early panes in slices survive a restart in the middle")
    void earlySlices() {
        var probe = Probe.of(
                settings(Emission.inPanes().withEarly(Duration.ofMillis(30))).resultsPerCall(1));
        for (String key : List.of("a", "b", "c")) {
            probe.event("s", key, 5, 1);
        }
        probe.event("s", "a", 35, 1);
        assertThat(probe.takeResults()).containsExactly("[0, 100) a 2 EARLY 0");
        probe.restart();
        probe.engine.emitMore();
        probe.restart();
        probe.engine.emitMore();
        assertThat(probe.takeResults()).containsExactly("[0, 100) b 1 EARLY 0", "[0, 100) c 1 EARLY 0");
    }

    @Test
    @DisplayName("early panes that are left when the window reaches its end are on time")
    void earlySlicesOvertaken() {
        var probe = Probe.of(
                settings(Emission.inPanes().withEarly(Duration.ofMillis(30))).resultsPerCall(1));
        for (String key : List.of("a", "b")) {
            probe.event("s", key, 5, 1);
        }
        probe.event("s", "a", 35, 1);
        probe.watermark(100);
        probe.engine.emitMore();
        assertThat(probe.takeResults())
                .containsExactly("[0, 100) a 2 EARLY 0", "[0, 100) a 2 ON_TIME 1", "[0, 100) b 1 ON_TIME 0");
    }

    @Test
    @DisplayName(
            "a record that forces its own window to fire has a late pane, and a limit leaves nothing out of the panes")
    void firesItsOwnWindow() {
        var probe = Probe.of(Probe.tumbling(10)
                .allowedLateness(Duration.ofMillis(20))
                .emission(Emission.inPanes())
                .openState(OpenStateLimit.entries(3, Beyond.FORCE_ADVANCE)));
        probe.declare("s", "stalled");
        probe.event("s", "a", 5, 1);
        probe.event("s", "a", 15, 1);
        probe.event("s", "a", 25, 1);
        assertThat(Probe.letter(probe.event("s", "b", 16, 1))).isEqualTo("P");
        assertThat(probe.takeResults())
                .containsExactly(
                        "[0, 10) a 1 ON_TIME 0",
                        "[10, 20) a 1 ON_TIME 0",
                        "[20, 30) a 1 ON_TIME 0",
                        "[10, 20) b 1 LATE 0");
    }

    @Test
    @DisplayName(
            "a record that forces one of its hopping windows to fire has a late pane there, after the one on time without it")
    void firesOneOfItsOwnWindows() {
        var probe = Probe.of(
                WindowEngine.of(WindowAssigner.hopping(Duration.ofMillis(20), Duration.ofMillis(10)), Probe.COUNT)
                        .allowedLateness(Duration.ofMillis(40))
                        .emission(Emission.inPanes())
                        .openState(OpenStateLimit.windows(4, Beyond.FORCE_ADVANCE)));
        probe.declare("s", "stalled");
        probe.events(5, 15, 25);
        assertThat(probe.takeResults()).isEmpty();
        probe.events(35);
        assertThat(probe.takeResults())
                .containsExactly(
                        "[-10, 10) 1 ON_TIME 0",
                        "[0, 20) 2 ON_TIME 0",
                        "[10, 30) 2 ON_TIME 0",
                        "[20, 40) 1 ON_TIME 0",
                        "[20, 40) 2 LATE 1",
                        "[30, 50) 1 LATE 0");
    }

    @Test
    @DisplayName("a record that a limit refuses has brought no pane out, and changed no accumulator")
    void refusedByALimit() {
        var windows = WindowAssigner.hopping(Duration.ofMillis(20), Duration.ofMillis(10));
        for (Beyond beyond : List.of(Beyond.FAIL, Beyond.SHED)) {
            var probe = Probe.of(WindowEngine.of(windows, Probe.COUNT)
                    .allowedLateness(Duration.ofMillis(40))
                    .emission(Emission.inPanes())
                    .resultsPerCall(1)
                    .openState(OpenStateLimit.entries(4, beyond)));
            for (String key : List.of("a", "b")) {
                probe.event("s", key, 5, 1);
            }
            probe.watermark(20);
            assertThat(probe.takeResults()).containsExactly("[-10, 10) a 1 ON_TIME 0");
            List<String> control = probe.control.shown();
            if (beyond == Beyond.FAIL) {
                assertThatThrownBy(() -> probe.engine.process("s", "b", 15, 1L, 0))
                        .isInstanceOf(OpenStateLimitException.class);
                assertThat(probe.control.shown()).isEqualTo(control);
            } else {
                assertThat(Probe.letter(probe.event("s", "b", 15, 1))).isEqualTo("R");
            }
            assertThat(probe.takeResults())
                    .as("[0, 20) b is due, and was not its turn")
                    .isEmpty();
            assertThat(probe.store.get(20, "b"))
                    .satisfies(entry -> assertThat(entry.accumulator()).isEqualTo(1));
        }
    }

    @Test
    @DisplayName("what belongs to panes is refused without them")
    void refused() {
        assertThatThrownBy(() -> Emission.onClose().withEarly(Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inPanes");
        assertThatThrownBy(() -> Emission.onClose().discarding()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Emission.inPanes().withEarly(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
