package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import dev.semel.windowing.state.HeapSortStore;
import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceLimit;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The sorter's rules. B = 0 and sources declared, unless said otherwise. */
class SorterCasesTest {

    @Test
    @DisplayName("sorter 1: a:3, b:1, a:5, b:4 -> 1, 3 go out at W=4, whichever source they are of")
    void byEventTimeAcrossSources() {
        var probe = SorterProbe.withDisorder(0, "a", "b");
        probe.event("a", 3);
        probe.event("b", 1);
        probe.event("a", 5);
        assertThat(probe.taken()).as("W=1").isEmpty();
        probe.event("b", 4);
        assertThat(probe.taken()).containsExactly("1", "3");
        assertThat(probe.engine.waiting()).isEqualTo(2);
    }

    @Test
    @DisplayName("sorter 2: events of one time go out in the order in which they came")
    void tiesByArrival() {
        var probe = SorterProbe.withDisorder(0, "a", "b");
        probe.event("b", 5, "first");
        probe.event("a", 5, "second");
        probe.event("b", 5, "third");
        probe.restart();
        probe.event("a", 5, "fourth");
        probe.event("a", 6);
        probe.event("b", 6);
        assertThat(probe.taken()).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    @DisplayName("sorter 3: ts == W is on time, and goes out when W is beyond it")
    void theTimeOfTheWatermark() {
        var probe = SorterProbe.withDisorder(0, "a");
        assertThat(probe.event("a", 10)).isEqualTo("P");
        assertThat(probe.event("a", 10)).as("W=10").isEqualTo("P");
        assertThat(probe.taken()).isEmpty();
        probe.event("a", 11);
        assertThat(probe.taken()).containsExactly("10", "10");
    }

    @Test
    @DisplayName("sorter 4: ts < W is late, and goes out nowhere else")
    void lateBeforeTheWatermark() {
        var probe = SorterProbe.withDisorder(0, "a");
        probe.event("a", 10);
        assertThat(probe.disposition("a", 9, 9, "9")).isEqualTo(new Disposition.Late(10, new Window(9, 10)));
        probe.event("a", 20);
        assertThat(probe.taken()).containsExactly("10");
    }

    @Test
    @DisplayName(
            "sorter 5: a late event moves its source's mark: b:3 late of a source that had not reported lets W go on")
    void aLateEventMovesItsSource() {
        var probe = SorterProbe.withDisorder(0, "a", "b");
        probe.engine.advanceTo(5, 0);
        probe.event("a", 9);
        assertThat(probe.event("b", 3)).isEqualTo("L");
        assertThat(probe.engine.watermark()).isEqualTo(5);
        probe.event("b", 10);
        probe.event("a", 10);
        assertThat(probe.taken()).containsExactly("9");
    }

    @Test
    @DisplayName("sorter 6: B=3: 10, 7, 12, 9, 15 -> 7, 9, 10 go out at W=12; 8 is late then")
    void withinTheDisorder() {
        var probe = SorterProbe.withDisorder(3, "a");
        for (long time : new long[] {10, 7, 12, 9, 15}) {
            assertThat(probe.event("a", time)).isEqualTo("P");
        }
        assertThat(probe.taken()).containsExactly("7", "9", "10");
        assertThat(probe.event("a", 8)).isEqualTo("L");
    }

    @Test
    @DisplayName(
            "sorter 7: a source that stalls holds all; when it is idle they go out, and what it brings then is late")
    void aStalledSource() {
        var strategy = Probe.ordered().withIdleness(Duration.ofSeconds(10));
        var probe = SorterProbe.of(SorterEngine.builder().watermarks(strategy).lag(InputLag.none()), "a", "b");
        probe.event("b", 1);
        for (long time = 2; time < 100; time++) {
            probe.event("a", time);
        }
        assertThat(probe.taken()).isEmpty();
        assertThat(probe.engine.holder())
                .hasValueSatisfying(holder -> assertThat(holder.name()).isEqualTo("b"));
        for (int second = 0; second < 12; second++) {
            probe.ticksFor(Duration.ofSeconds(1));
            probe.event("a", 100);
        }
        assertThat(probe.taken()).hasSize(99).startsWith("1", "2").endsWith("98", "99");
        assertThat(probe.event("b", 50)).isEqualTo("L");
        assertThat(probe.event("b", 100)).isEqualTo("P");
    }

    @Test
    @DisplayName("sorter 8: times before 1970 are before those after")
    void negativeTimes() {
        var probe = SorterProbe.withDisorder(100, "a");
        for (long time : new long[] {5, -1, 0, -50, -51}) {
            probe.event("a", time);
        }
        probe.event("a", 1_000);
        assertThat(probe.taken()).containsExactly("-51", "-50", "-1", "0", "5");
    }

    @Test
    @DisplayName("sorter 9: Long.MIN and Long.MAX -> R, and nothing moves; those next to them are P")
    void theEndsOfTheRange() {
        var probe = SorterProbe.withDisorder(0, "a", "b");
        for (long end : new long[] {Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThat(Probe.reason(probe.disposition("a", end, end, "x"))).isEqualTo(Rejection.TIMESTAMP);
        }
        assertThat(probe.engine.watermark()).isEqualTo(Long.MIN_VALUE);
        assertThat(probe.event("a", Long.MIN_VALUE + 1)).isEqualTo("P");
        assertThat(probe.event("b", Long.MAX_VALUE - 1)).isEqualTo("P");
        assertThat(probe.event("a", Long.MAX_VALUE - 1)).isEqualTo("P");
        assertThat(probe.taken()).containsExactly(Long.toString(Long.MIN_VALUE + 1));
        probe.engine.advanceTo(Long.MAX_VALUE, 0);
        assertThat(probe.taken()).hasSize(2);
        assertThat(probe.engine.hasDue()).isFalse();
    }

    @Test
    @DisplayName(
            "sorter 10: an event further ahead of its record than the guard -> R; what comes after is sorted as before")
    void theFutureGuard() {
        var probe = SorterProbe.of(SorterProbe.disorder(0).futureGuard(Duration.ofMillis(5)), "a");
        assertThat(Probe.reason(probe.disposition("a", 10_000, 9_994, "x"))).isEqualTo(Rejection.FUTURE);
        assertThat(probe.disposition("a", 15, 10, "15")).isEqualTo(Disposition.PROCESSED);
        assertThat(probe.engine.watermark()).isEqualTo(15);
    }

    @Test
    @DisplayName("sorter 11: without a source -> one for all of them, or R; one source too many -> R")
    void sourcesThatAreMissingOrTooMany() {
        var probe = SorterProbe.withDisorder(0);
        assertThat(probe.event(null, 5)).isEqualTo("P");
        var strict = SorterProbe.of(SorterEngine.builder()
                .missingSource(MissingSource.REJECT)
                .watermarks(Probe.ordered().withMaxSources(1, SourceLimit.REJECT)));
        assertThat(Probe.reason(strict.disposition(null, 5, 5, "5"))).isEqualTo(Rejection.NO_SOURCE);
        assertThat(strict.event("a", 5)).isEqualTo("P");
        assertThat(Probe.reason(strict.disposition("b", 9, 9, "9"))).isEqualTo(Rejection.TOO_MANY_SOURCES);
        assertThat(strict.engine.watermark()).isEqualTo(5);
    }

    @Test
    @DisplayName("sorter 12: at most n go out in a call, in order; lateness does not depend on it")
    void slices() {
        var probe = SorterProbe.of(SorterProbe.disorder(100).resultsPerCall(2), "a");
        for (long time = 10; time > 0; time--) {
            probe.event("a", time);
        }
        probe.event("a", 111);
        assertThat(probe.taken()).as("W=11").containsExactly("1", "2");
        assertThat(probe.engine.hasDue()).isTrue();
        assertThat(probe.event("a", 10))
                .as("10 waits still, and another is late")
                .isEqualTo("L");
        assertThat(probe.event("a", 11)).isEqualTo("P");
        assertThat(probe.taken()).as("each call hands on two").containsExactly("3", "4", "5", "6");
        probe.restart();
        while (probe.engine.hasDue()) {
            probe.engine.emitMore();
            probe.check();
        }
        assertThat(probe.taken()).containsExactly("7", "8", "9", "10");
    }

    @Test
    @DisplayName("sorter 13: at most 2 wait: FAIL throws and nothing moves")
    void theLimitFails() {
        var probe = SorterProbe.of(SorterProbe.disorder(0).waiting(OpenStateLimit.entries(2, Beyond.FAIL)), "a", "b");
        probe.event("a", 1);
        probe.event("a", 2);
        var before = probe.control.shown();
        assertThatThrownBy(() -> probe.engine.sort(probe.engine.input("in"), "a", 3, 3, "3", 0))
                .isInstanceOf(OpenStateLimitException.class)
                .hasMessageContaining("2 events")
                .hasMessageContaining("the source b holds them");
        assertThat(probe.control.shown()).isEqualTo(before);
        probe.check();
    }

    @Test
    @DisplayName("sorter 14: at most 2 wait: SHED -> the third is R, and the two go out in their time")
    void theLimitSheds() {
        var probe = SorterProbe.of(SorterProbe.disorder(0).waiting(OpenStateLimit.entries(2, Beyond.SHED)), "a", "b");
        probe.event("a", 1);
        probe.event("a", 2);
        assertThat(Probe.reason(probe.disposition("a", 3, 3, "3"))).isEqualTo(Rejection.OPEN_STATE_LIMIT);
        // It has moved nothing: the mark of a is 2.
        probe.engine.mark("b", 9, 0);
        assertThat(probe.taken()).containsExactly("1");
    }

    @Test
    @DisplayName(
            "sorter 15: at most 2 wait: FORCE_ADVANCE -> the earliest goes out, what comes before it is late, an event that would be it is R")
    void theLimitForces() {
        var probe = SorterProbe.of(
                SorterProbe.disorder(0).waiting(OpenStateLimit.entries(2, Beyond.FORCE_ADVANCE)), "a", "b");
        probe.event("a", 5);
        probe.event("a", 7);
        assertThat(probe.event("a", 9)).isEqualTo("P");
        assertThat(probe.taken()).containsExactly("5");
        assertThat(probe.engine.watermark()).isEqualTo(6);
        assertThat(probe.event("b", 5)).isEqualTo("L");
        assertThat(Probe.reason(probe.disposition("b", 6, 6, "6"))).isEqualTo(Rejection.OPEN_STATE_LIMIT);
        assertThat(Probe.reason(probe.disposition("b", 7, 7, "7"))).isEqualTo(Rejection.OPEN_STATE_LIMIT);
        assertThat(probe.engine.accounts().forcedWindows()).isEqualTo(1);
    }

    @Test
    @DisplayName("sorter 16: what was late before a restart is late after it, and what waited waits")
    void restarts() {
        var probe = SorterProbe.withDisorder(5, "a");
        probe.event("a", 20);
        probe.event("a", 17);
        probe.restart();
        assertThat(probe.event("a", 14)).as("W=15").isEqualTo("L");
        assertThat(probe.event("a", 15)).isEqualTo("P");
        probe.restart();
        probe.event("a", 26);
        assertThat(probe.taken()).containsExactly("15", "17", "20");
    }

    @Test
    @DisplayName("sorter 17: the state of windows, and half a state, are refused")
    void stateOfAnotherKind() {
        var windows = Probe.ofTen();
        windows.event("s", 5);
        assertThatThrownBy(() -> SorterEngine.builder()
                        .start(
                                new ByteSortStore(),
                                new KeptControl(),
                                windows.control.stored(),
                                (time, event) -> {},
                                0))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("tumbling")
                .hasMessageContaining("a sorter by event time");
        var sorter = SorterProbe.withDisorder(0, "a");
        sorter.event("a", 5);
        assertThatThrownBy(() -> Probe.tumbling(10)
                        .start(new ByteWindowStore(), new KeptControl(), sorter.control.stored(), result -> {}, 0))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("a sorter by event time");
        assertThatThrownBy(() -> SorterEngine.builder()
                        .start(new ByteSortStore(), new KeptControl(), sorter.control.stored(), (time, event) -> {}, 0))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("1 entries are open");
    }

    @Test
    @DisplayName("sorter 18: an allowed lateness, or a limit of windows, is refused when it starts")
    void settingsThatASorterCannotHave() {
        var store = new HeapSortStore<String>(String::length);
        assertThatThrownBy(() -> SorterEngine.builder()
                        .allowedLateness(Duration.ofMillis(1))
                        .start(store, (time, event) -> {}, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("allowed lateness of 1 ms");
        assertThatThrownBy(() -> SorterEngine.builder()
                        .waiting(OpenStateLimit.windows(3, Beyond.FAIL))
                        .start(store, (time, event) -> {}, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("3 open windows");
    }

    @Test
    @DisplayName("sorter 19: marks from upstream release what events do not")
    void marksFromUpstream() {
        var probe = SorterProbe.of(SorterEngine.builder().watermarks(WatermarkStrategy.fromUpstream()));
        probe.event(null, 9);
        probe.event(null, 4);
        probe.engine.mark("0 of 2", 9, 0);
        assertThat(probe.taken()).containsExactly("4");
    }

    @Test
    @DisplayName("sorter 20: the heap's store does as one of bytes does, and is empty afterwards")
    void theHeapDoesTheSame() {
        var store = new HeapSortStore<String>(String::length);
        var sorted = new ArrayList<String>();
        SorterEngine<String> engine = SorterProbe.disorder(10).start(store, (time, event) -> sorted.add(event), 0);
        for (String event : List.of("7 a", "3 b", "7 c", "1 d")) {
            long time = event.charAt(0) - '0';
            engine.sort(engine.input("in"), "s", time, time, event, 0);
        }
        assertThat(store.bytes()).isEqualTo(12);
        assertThat(store.first()).isEqualTo(1);
        engine.advanceTo(Long.MAX_VALUE, 0);
        assertThat(sorted).containsExactly("1 d", "3 b", "7 a", "7 c");
        assertThat(store.bytes()).isZero();
        assertThat(store.first()).isEqualTo(Long.MAX_VALUE);
    }
}
