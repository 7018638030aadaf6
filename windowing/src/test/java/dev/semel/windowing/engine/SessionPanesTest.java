package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions that fire at their ends and are corrected after that. The gap is 10, L = 100, unless said otherwise. */
class SessionPanesTest {

    @Test
    @DisplayName("0, 5; W=14 silent; W=15 -> ON_TIME [0, 15) 2; W=114 silent; W=115 closes in silence")
    void onTime() {
        var probe = SessionProbe.inPanes(100);
        probe.events(0, 5);
        probe.watermark(14);
        assertThat(probe.takeResults()).isEmpty();
        probe.watermark(15);
        assertThat(probe.takeResults()).containsExactly("k [0, 15) 2 ON_TIME 0");
        probe.watermark(114);
        assertThat(probe.store.size()).isEqualTo(1);
        probe.watermark(115);
        assertThat(probe.takeResults()).isEmpty();
        assertThat(probe.store.size()).isZero();
        assertThat(probe.engine.accounts().openContributions()).isZero();
    }

    @Test
    @DisplayName("0; W=10; 0, 0 -> ON_TIME 1, LATE 2, LATE 3, of the same session, which replace no other")
    void late() {
        var probe = SessionProbe.inPanes(100);
        probe.events(0);
        probe.watermark(10);
        probe.events(0, 0);
        assertThat(probe.takeResults())
                .containsExactly("k [0, 10) 1 ON_TIME 0", "k [0, 10) 2 LATE 1", "k [0, 10) 3 LATE 2");
    }

    @Test
    @DisplayName("0; W=12; 9 -> LATE [0, 19) 2 for [0, 10); 15 -> LATE [0, 25) 3 for [0, 19); W=25 silent")
    void grown() {
        var probe = SessionProbe.inPanes(100);
        probe.events(0);
        probe.watermark(12);
        probe.takeResults();
        assertThat(probe.events(9, 15)).isEqualTo("PP");
        assertThat(probe.takeResults())
                .containsExactly("k [0, 19) 2 LATE 1 for [[0, 10)]", "k [0, 25) 3 LATE 2 for [[0, 19)]");
        probe.watermark(25);
        assertThat(probe.takeResults())
                .as("it has fired, and all of it has been shown")
                .isEmpty();
    }

    @Test
    @DisplayName("0, 15; W=25; 7 -> two ON_TIME, then one LATE [0, 25) 3 for [0, 10) and [15, 25)")
    void mergeOfFired() {
        var probe = SessionProbe.inPanes(100);
        probe.events(0, 15);
        probe.watermark(25);
        probe.events(7);
        assertThat(probe.takeResults())
                .containsExactly(
                        "k [0, 10) 1 ON_TIME 0",
                        "k [15, 25) 1 ON_TIME 0",
                        "k [0, 25) 3 LATE 1 for [[0, 10), [15, 25)]");
    }

    @Test
    @DisplayName(
            "0, 15; W=12; 7 -> a fired one and one that has not fired: one LATE [0, 25) 3 for [0, 10); W=25 silent")
    void mergeOfFiredAndNot() {
        var probe = SessionProbe.inPanes(100);
        probe.events(0, 15);
        probe.watermark(12);
        probe.events(7);
        probe.watermark(25);
        assertThat(probe.takeResults()).containsExactly("k [0, 10) 1 ON_TIME 0", "k [0, 25) 3 LATE 1 for [[0, 10)]");
    }

    @Test
    @DisplayName("W=50; 30 -> a session that is behind W from the beginning has one LATE and none on time")
    void behindFromTheBeginning() {
        var probe = SessionProbe.inPanes(100);
        probe.events(60);
        probe.watermark(50);
        assertThat(probe.events(30)).isEqualTo("P");
        assertThat(probe.takeResults()).containsExactly("k [30, 40) 1 LATE 0");
    }

    @Test
    @DisplayName("L=5: 0; W=14; 4 -> merged, and so open until 19: LATE; W=19; 9 -> 9 late with [9, 19)")
    void judgedAfterMerging() {
        var probe = SessionProbe.inPanes(5);
        probe.events(0);
        probe.watermark(14);
        assertThat(probe.events(4)).isEqualTo("P");
        probe.watermark(19);
        assertThat(probe.engine.process("s", "k", 4, 1L, 0)).isEqualTo(new Disposition.Late(19, new Window(4, 14)));
        assertThat(probe.takeResults()).containsExactly("k [0, 10) 1 ON_TIME 0", "k [0, 14) 2 LATE 1 for [[0, 10)]");
    }

    @Test
    @DisplayName("discarding: 0, 15; W=12; 7, 8 -> ON_TIME 1, LATE 2 with what had not been shown, LATE 1: they add up")
    void discarding() {
        var probe = new SessionProbe(SessionProbe.settings()
                .allowedLateness(Duration.ofMillis(100))
                .emission(Emission.inPanes().discarding()));
        probe.events(0, 15);
        probe.watermark(12);
        probe.events(7, 8);
        assertThat(probe.takeResults())
                .containsExactly("k [0, 10) 1 ON_TIME 0", "k [0, 25) 2 LATE 1 for [[0, 10)]", "k [0, 25) 1 LATE 2");
    }

    @Test
    @DisplayName("in slices, a session whose pane on time is due has it before a late one, as without slices")
    void slices() {
        var probe = new SessionProbe(SessionProbe.settings()
                .allowedLateness(Duration.ofMillis(100))
                .emission(Emission.inPanes())
                .resultsPerCall(1));
        for (String key : List.of("a", "b", "c", "d")) {
            probe.event(key, 0);
        }
        probe.watermark(10);
        assertThat(probe.takeResults()).containsExactly("a [0, 10) 1 ON_TIME 0");
        probe.event("c", 5);
        assertThat(probe.takeResults())
                .containsExactly("c [0, 10) 1 ON_TIME 0", "c [0, 15) 2 LATE 1 for [[0, 10)]", "b [0, 10) 1 ON_TIME 0");
        probe.restart();
        assertThat(probe.engine.hasDue()).isTrue();
        probe.engine.emitMore();
        assertThat(probe.takeResults()).as("where it stood survives").containsExactly("d [0, 10) 1 ON_TIME 0");
        assertThat(probe.engine.hasDue()).isFalse();
    }

    @Test
    @DisplayName("one that is due to fire and to close at once fires first")
    void firesBeforeItCloses() {
        var probe = new SessionProbe(
                SessionProbe.settings().emission(Emission.inPanes()).resultsPerCall(2));
        for (String key : List.of("a", "b", "c")) {
            probe.event(key, 0);
        }
        probe.watermark(1_000);
        assertThat(probe.takeResults()).containsExactly("a [0, 10) 1 ON_TIME 0", "b [0, 10) 1 ON_TIME 0");
        assertThat(probe.store.size()).isEqualTo(3);
        probe.emitAll();
        assertThat(probe.takeResults()).containsExactly("c [0, 10) 1 ON_TIME 0");
        assertThat(probe.store.size()).isZero();
        assertThat(probe.engine.accounts().closedWindows()).isEqualTo(3);
    }

    @Test
    @DisplayName("panes of state that has been built up without them, and the other way round")
    void emissionChanges() {
        var probe = SessionProbe.inPanes(100);
        probe.events(0);
        probe.watermark(12);
        probe.events(50);
        probe.takeResults();
        KeptControl control = probe.keptControl();
        var engine = SessionProbe.settings()
                .allowedLateness(Duration.ofMillis(100))
                .start(probe.store, control, control.stored(), probe.results::add, 0);
        engine.advanceTo(110, 0);
        assertThat(probe.takeResults()).containsExactly("k [0, 10) 1 FINAL 1");
        engine = SessionProbe.settings()
                .allowedLateness(Duration.ofMillis(100))
                .emission(Emission.inPanes())
                .start(probe.store, control, control.stored(), probe.results::add, 0);
        engine.emitMore();
        assertThat(probe.takeResults()).containsExactly("k [50, 60) 1 ON_TIME 0");
    }

    @Test
    @DisplayName("early results are refused: where a session begins and ends is not known")
    void noEarly() {
        var early = Emission.inPanes().withEarly(Duration.ofMillis(1));
        assertThatThrownBy(() -> SessionProbe.settings().emission(early))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("withEarly");
    }
}
