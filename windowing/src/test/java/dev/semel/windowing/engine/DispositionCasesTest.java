package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cases 50 to 56: limits, rejections, and what is said of a late record. */
class DispositionCasesTest {

    /** b stalls, and a has opened three windows. */
    private static Probe stalled(Beyond beyond) {
        var probe = Probe.of(Probe.tumbling(10).openState(OpenStateLimit.windows(3, beyond)))
                .declare("a", "b");
        probe.event("b", 1);
        probe.event("a", 5);
        probe.event("a", 15);
        probe.event("a", 25);
        return probe;
    }

    @Test
    @DisplayName("case 50: beyond the limit on open windows, FAIL throws and nothing moves")
    void failing() {
        var probe = stalled(Beyond.FAIL);
        var before = probe.control.shown();
        assertThatThrownBy(() -> probe.engine.process("a", Probe.KEY, 35, 1L, 0))
                .isInstanceOf(OpenStateLimitException.class)
                .hasMessageContaining("source b holds them open")
                .hasMessageContaining("3 windows");
        probe.check();
        assertThat(probe.control.shown()).isEqualTo(before);
        assertThat(probe.event("a", 26)).as("what is open goes on").isEqualTo("P");
        probe.assertCounts(5, 0, 0);
    }

    @Test
    @DisplayName(
            "case 50: beyond the limit on open windows, FORCE_ADVANCE closes the oldest, and what comes for it is late")
    void forcing() {
        var probe = stalled(Beyond.FORCE_ADVANCE);
        assertThat(probe.event("a", 35)).isEqualTo("P");
        assertThat(probe.takeResults()).containsExactly("[0, 10) 2");
        assertThat(probe.engine.watermark()).isEqualTo(10);
        assertThat(probe.event("b", 7)).isEqualTo("L");
        assertThat(probe.engine.accounts().forcedWindows()).isEqualTo(1);
        probe.assertCounts(5, 1, 0);
    }

    @Test
    @DisplayName("beyond the limit, FORCE_ADVANCE closes neither a record's own window nor a newer one")
    void forcingSparesOwnWindow() {
        var probe = Probe.of(Probe.tumbling(10).openState(OpenStateLimit.windows(2, Beyond.FORCE_ADVANCE)))
                .declare("a", "b");
        probe.event("a", 15);
        probe.event("a", 25);
        assertThat(Probe.reason(probe.event("a", Probe.KEY, 5, 1))).isEqualTo(Rejection.OPEN_STATE_LIMIT);
        assertThat(probe.engine.watermark()).isEqualTo(Long.MIN_VALUE);
        assertThat(probe.takeResults()).isEmpty();
    }

    @Test
    @DisplayName("case 50: beyond the limit on open windows, SHED rejects the record and nothing that was folded")
    void shedding() {
        var probe = stalled(Beyond.SHED);
        assertThat(Probe.reason(probe.event("a", Probe.KEY, 35, 1))).isEqualTo(Rejection.OPEN_STATE_LIMIT);
        assertThat(probe.event("b", 7)).isEqualTo("P");
        probe.event("b", 25);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 3", "[10, 20) 1");
        assertThat(probe.event("a", 35)).isEqualTo("P");
        probe.assertCounts(7, 0, 1);
    }

    @Test
    @DisplayName("a window that is closed and waits for its slice does not count as open")
    void waitingWindowsAreNotOpen() {
        var probe = Probe.of(Probe.tumbling(10).resultsPerCall(1).openState(OpenStateLimit.windows(1, Beyond.SHED)));
        for (String key : List.of("one", "two", "three")) {
            probe.event("s", key, 1, 1);
        }
        probe.watermark(10);
        assertThat(probe.takeResults()).containsExactly("[0, 10) one 1");
        assertThat(probe.event("s", 11)).isEqualTo("P");
    }

    @Test
    @DisplayName("limits on keys and on bytes hold like that on windows")
    void otherLimits() {
        var keys = Probe.of(Probe.tumbling(10).openState(OpenStateLimit.entries(2, Beyond.SHED)));
        keys.event("s", "one", 1, 1);
        keys.event("s", "two", 1, 1);
        assertThat(Probe.letter(keys.event("s", "three", 1, 1))).isEqualTo("R");
        assertThat(Probe.letter(keys.event("s", "two", 1, 1))).isEqualTo("P");
        var bytes = Probe.of(Probe.tumbling(10).openState(OpenStateLimit.bytes(56, Beyond.SHED)));
        bytes.event("s", "one", 1, 1);
        bytes.event("s", "two", 1, 1);
        assertThat(Probe.letter(bytes.event("s", "three", 1, 1))).isEqualTo("R");
        var forced = Probe.of(Probe.tumbling(10).openState(OpenStateLimit.entries(2, Beyond.FORCE_ADVANCE)))
                .declare("s", "other");
        forced.event("s", "one", 1, 1);
        forced.event("s", "two", 1, 1);
        forced.event("s", "one", 11, 1);
        assertThat(forced.takeResults()).containsExactly("[0, 10) one 1", "[0, 10) two 1");
    }

    @Test
    @DisplayName("case 51: an event further in the future than the guard allows is rejected, and closes nothing")
    void future() {
        var probe = Probe.of(Probe.tumbling(10).futureGuard(Duration.ofMillis(100)));
        assertThat(Probe.reason(probe.event("s", Probe.KEY, 101, 1))).isEqualTo(Rejection.FUTURE);
        assertThat(probe.events(3, 4, 11)).isEqualTo("PPP");
        assertThat(probe.takeResults()).containsExactly("[0, 10) 2");
    }

    @Test
    @DisplayName("case 51: the guard compares with the record's own timestamp, whatever the time of day")
    void futureByRecord() {
        var probe = Probe.of(Probe.tumbling(10).futureGuard(Duration.ofMillis(100)));
        Input input = probe.engine.input("trades-0");
        assertThat(Probe.letter(probe.event(input, "s", Probe.KEY, 5_100, 5_000, 1)))
                .isEqualTo("P");
        assertThat(Probe.letter(probe.event(input, "s", Probe.KEY, 5_101, 5_000, 1)))
                .isEqualTo("R");
    }

    @Test
    @DisplayName("microseconds by mistake are rejected by the guard")
    void microseconds() {
        var probe = Probe.of(Probe.tumbling(60_000).futureGuard(Duration.ofHours(1)));
        probe.now = 1_705_544_400_000L;
        assertThat(probe.events(1_705_544_400_123_456L, 1_705_544_400_123L)).isEqualTo("RP");
    }

    @Test
    @DisplayName("case 54: a record without key is rejected, with the reason")
    void nullKey() {
        var probe = Probe.ofTen();
        assertThat(Probe.reason(probe.event("s", null, 5, 1))).isEqualTo(Rejection.NULL_KEY);
        probe.assertEmpty();
        assertThat(probe.engine.sources()).isEmpty();
        assertThat(probe.engine.accounts().rejected(Rejection.NULL_KEY)).isEqualTo(1);
    }

    @Test
    @DisplayName("case 55: a record late for some of its windows counts once, and its late contributions apart")
    void partlyLate() {
        var probe = Probe.of(
                WindowEngine.of(WindowAssigner.hopping(Duration.ofMillis(10), Duration.ofMillis(5)), Probe.COUNT));
        assertThat(probe.events(7, 12, 8, 3)).isEqualTo("PPPL");
        Accounts accounts = probe.engine.accounts();
        assertThat(accounts.processed()).isEqualTo(3);
        assertThat(accounts.contributions()).isEqualTo(5);
        assertThat(accounts.lateContributions()).isEqualTo(1);
        assertThat(accounts.late()).isEqualTo(1);
        probe.watermark(Long.MAX_VALUE);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1", "[5, 15) 3", "[10, 20) 1");
        assertThat(probe.engine.accounts().openContributions()).isZero();
    }

    @Test
    @DisplayName("case 56: of a late record it is said by which watermark it was judged, and which window was closed")
    void lateRecord() {
        var probe = Probe.ofTen().declare("a", "b");
        probe.event("a", 12);
        probe.event("b", 25);
        assertThat(probe.event("a", Probe.KEY, 9, 1)).isEqualTo(new Late(12, new Window(0, 10)));
    }

    @Test
    @DisplayName("a late record moves its source's mark, a rejected one does not")
    void lateMovesRejectedDoesNot() {
        var probe = Probe.ofTen().declare("a", "b");
        probe.event("a", 30);
        probe.event("b", 20);
        assertThat(probe.event("c", 5)).isEqualTo("L");
        assertThat(probe.engine.sources()).anySatisfy(source -> {
            assertThat(source.name()).isEqualTo("c");
            assertThat(source.mark()).isEqualTo(5);
        });
        probe.event("b", Probe.KEY, 100, -1);
        assertThat(probe.engine.watermark()).isEqualTo(20);
    }

    @Test
    @DisplayName("an aggregate that throws rejects the record; nothing moves, and the accumulator is as it was")
    void failingAggregate() {
        var probe = Probe.ofTen();
        Disposition first = probe.event("s", Probe.KEY, 5, -1);
        assertThat(first).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.reason()).isEqualTo(Rejection.AGGREGATE_FAILED);
            assertThat(rejected.cause()).hasMessage("negative");
        });
        probe.assertEmpty();
        assertThat(probe.engine.sources()).isEmpty();
        probe.event("s", Probe.KEY, 5, 1);
        probe.event("s", Probe.KEY, 100, -1);
        probe.event("s", Probe.KEY, 6, -1);
        probe.event("s", Probe.KEY, 10, 1);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1");
        probe.assertCounts(2, 0, 3);
    }

    @Test
    @DisplayName("an aggregate that throws in one of several windows is folded into none")
    void failingInOneWindow() {
        Aggregate<String, Long, Long> atMostOne = Aggregate.of(() -> 0L, (key, value, count) -> {
            if (count == 1) {
                throw new IllegalStateException("full");
            }
            return count + 1;
        });
        var probe = Probe.of(
                WindowEngine.of(WindowAssigner.hopping(Duration.ofMillis(10), Duration.ofMillis(5)), atMostOne));
        assertThat(probe.events(3, 7)).isEqualTo("PR");
        probe.watermark(Long.MAX_VALUE);
        assertThat(probe.takeResults()).containsExactly("[-5, 5) 1", "[0, 10) 1");
    }

    @Test
    @DisplayName("an aggregate that gives null rejects the record")
    @SuppressWarnings("NullAway")
    void nullAccumulator() {
        var probe = Probe.of(WindowEngine.of(
                WindowAssigner.tumbling(Duration.ofMillis(10)), Aggregate.of(() -> 0L, (key, value, count) -> null)));
        assertThat(Probe.reason(probe.event("s", Probe.KEY, 5, 1))).isEqualTo(Rejection.AGGREGATE_FAILED);
        probe.assertEmpty();
    }

    @Test
    @DisplayName("an aggregate that changes accumulators and then throws leaves nothing where it is given copies")
    void halfChangedAccumulator() {
        Aggregate<String, Long, List<Long>> aggregate = Aggregate.of(ArrayList::new, (key, value, list) -> {
            list.add(value);
            if (value < 0) {
                throw new IllegalStateException("after it was added");
            }
            return list;
        });
        var results = new ArrayList<List<Long>>();
        var engine = WindowEngine.of(WindowAssigner.tumbling(Duration.ofMillis(10)), aggregate)
                .copyingAccumulators(ArrayList::new)
                .start(new HeapWindowStore<>(KeyBytes.utf8()), result -> results.add(result.accumulator()), 0);
        engine.process("s", "k", 1, 1L, 0);
        engine.process("s", "k", 2, -2L, 0);
        engine.process("s", "k", 3, 3L, 0);
        engine.advanceTo(10, 0);
        assertThat(results).containsExactly(List.of(1L, 3L));
    }

    @Test
    @DisplayName("the wedge report names the source that holds windows open, how many and for how long")
    void wedge() {
        var probe = Probe.ofTen().declare("a", "b");
        assertThat(probe.engine.wedge(0)).isEmpty();
        probe.event("b", 2);
        probe.event("a", 3);
        assertThat(probe.engine.wedge(0)).as("nothing waits").isEmpty();
        for (int i = 1; i < 8; i++) {
            probe.event("a", i * 10);
        }
        assertThat(probe.engine.wedge(90_000)).hasValueSatisfying(wedge -> {
            assertThat(wedge.source()).isEqualTo("b");
            assertThat(wedge.mark()).isEqualTo(2);
            assertThat(wedge.behindMillis()).isEqualTo(68);
            assertThat(wedge.windows()).isEqualTo(7);
            assertThat(wedge.sinceMillis()).isEqualTo(90_000);
            assertThat(wedge.openBytes()).isPositive();
            assertThat(wedge.sources()).isEqualTo(1);
        });
    }

    @Test
    @DisplayName("several sources that stall hold windows open as one does, and it is said how many they are")
    void wedgeOfSeveral() {
        var probe = Probe.of(Probe.tumbling(10).allowedLateness(Duration.ofMillis(5)))
                .declare("a", "b", "c", "d");
        probe.event("b", 5);
        probe.event("c", 7);
        probe.event("d", 500);
        for (long time = 5; time < 1_000; time += 10) {
            probe.event("a", time);
        }
        assertThat(probe.engine.wedge(0)).hasValueSatisfying(wedge -> {
            assertThat(wedge.source()).isEqualTo("b");
            assertThat(wedge.sources()).isEqualTo(2);
            assertThat(wedge.windows()).isEqualTo(99);
            assertThat(wedge.behindMillis()).isEqualTo(990);
        });
        probe.event("b", 500);
        assertThat(probe.engine.wedge(0)).hasValueSatisfying(wedge -> {
            assertThat(wedge.source()).isEqualTo("c");
            assertThat(wedge.sources()).isEqualTo(1);
        });
        probe.event("c", 500);
        assertThat(probe.engine.wedge(0))
                .hasValueSatisfying(
                        wedge -> assertThat(wedge.sources()).as("b, c and d").isEqualTo(3));
    }

    @Test
    @DisplayName("declared sources that have never reported are a wedge, however many they are")
    void wedgeOfThoseThatNeverReport() {
        var probe = Probe.ofTen().declare("a", "b", "c");
        assertThat(probe.engine.wedge(0)).as("nothing is open").isEmpty();
        probe.events(5);
        for (int i = 1; i < 8; i++) {
            probe.event("a", i * 10);
        }
        assertThat(probe.engine.wedge(0)).hasValueSatisfying(wedge -> {
            assertThat(wedge.source()).isIn("b", "c");
            assertThat(wedge.sources()).isEqualTo(3);
            assertThat(wedge.windows()).isEqualTo(7);
            assertThat(wedge.behindMillis()).isEqualTo(Long.MAX_VALUE);
        });
    }
}
