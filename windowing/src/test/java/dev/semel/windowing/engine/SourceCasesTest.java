package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.ReturningSource;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.SourceLimit;
import dev.semel.windowing.watermark.SourceReport;
import dev.semel.windowing.watermark.SourceState;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cases 23 to 36: several sources, of which the one that is furthest behind decides. */
class SourceCasesTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Map<String, Long> lag = new HashMap<>();

    private WindowEngineBuilder<String, Long, Long> settings(WatermarkStrategy strategy) {
        return Probe.tumbling(10).watermarks(strategy).lag(input -> lag.getOrDefault(input, 0L));
    }

    private Probe idleAfterAMinute() {
        return Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT)));
    }

    private static SourceState state(Probe probe, String source) {
        return probe.engine.sources().stream()
                .collect(Collectors.toMap(SourceReport::name, SourceReport::state))
                .get(source);
    }

    /** Ticks for a minute and a second, in which others than this one report. */
    private static void silence(Probe probe, String... others) {
        for (int second = 0; second <= 60; second++) {
            for (String other : others) {
                probe.engine.mark(other, Long.MIN_VALUE, probe.now);
            }
            probe.tickAt(probe.now + 1_000);
        }
    }

    @Test
    @DisplayName("case 23: the watermark is the least mark of all sources")
    void leastMark() {
        var probe = Probe.ofTen().declare("a", "b");
        assertThat(probe.event("a", 100)).isEqualTo("P");
        assertThat(probe.engine.watermark()).isEqualTo(Long.MIN_VALUE);
        probe.event("b", 5);
        assertThat(probe.engine.watermark()).isEqualTo(5);
        assertThat(probe.event("b", 7)).isEqualTo("P");
        assertThat(probe.event("b", 20)).isEqualTo("P");
        assertThat(probe.engine.watermark()).isEqualTo(20);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 2");
    }

    @Test
    @DisplayName("case 24: an event behind the fastest source and before no closed window is processed")
    void betweenSlowestAndFastest() {
        var probe = Probe.ofTen().declare("a", "b");
        probe.event("a", 100);
        probe.event("b", 20);
        assertThat(probe.event("b", 25)).isEqualTo("P");
    }

    @Test
    @DisplayName("case 25: an idle source is not waited for; what it sends afterwards is judged by the watermark")
    void idleSource() {
        var probe = idleAfterAMinute().declare("a", "b");
        probe.event("a", 100);
        probe.event("b", 20);
        silence(probe, "a");
        assertThat(probe.engine.watermark()).isEqualTo(100);
        assertThat(state(probe, "b")).isEqualTo(SourceState.IDLE);
        assertThat(probe.event("b", 30)).isEqualTo("L");
        assertThat(probe.engine.watermark()).isEqualTo(100);
    }

    @Test
    @DisplayName("case 26: with flush, the watermark goes to the largest mark once all are idle, in either order")
    void flush() {
        for (String first : new String[] {"a", "b"}) {
            var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT).withFlushWhenAllIdle()))
                    .declare("a", "b");
            probe.event("a", 5);
            probe.event("b", 4);
            silence(probe, first.equals("a") ? "b" : "a");
            assertThat(state(probe, first)).isEqualTo(SourceState.IDLE);
            silence(probe);
            assertThat(probe.engine.watermark()).isEqualTo(5);
        }
    }

    @Test
    @DisplayName("case 27: when all are idle the watermark holds, and is never the largest number there is")
    void allIdle() {
        var probe = idleAfterAMinute().declare("a", "b");
        probe.event("a", 5);
        probe.event("b", 4);
        silence(probe);
        assertThat(state(probe, "a")).isEqualTo(SourceState.IDLE);
        assertThat(state(probe, "b")).isEqualTo(SourceState.IDLE);
        assertThat(probe.engine.watermark()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("case 28: a source that comes back holds the watermark, or is left out until it has caught up")
    void returningSource(ReturningSource policy) {
        var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT).withReturningSource(policy)))
                .declare("a", "b");
        probe.event("a", 100);
        probe.event("b", 20);
        silence(probe, "a");
        probe.event("b", 50);
        probe.event("a", 200);
        boolean holds = policy == ReturningSource.HOLD;
        assertThat(state(probe, "b")).isEqualTo(holds ? SourceState.ACTIVE : SourceState.CATCHING_UP);
        assertThat(probe.engine.watermark()).isEqualTo(holds ? 100 : 200);
        probe.event("b", 150);
        assertThat(probe.engine.watermark()).isEqualTo(holds ? 150 : 200);
        probe.event("b", 200);
        assertThat(state(probe, "b")).isEqualTo(SourceState.ACTIVE);
        probe.event("a", 300);
        assertThat(probe.engine.watermark()).as("both count again").isEqualTo(200);
    }

    @Test
    @DisplayName("case 28: partitions hold and ids catch up, unless told otherwise")
    void returningSourceByKind() {
        assertThat(Probe.ordered().returningSource(SourceKind.PARTITION)).isEqualTo(ReturningSource.HOLD);
        assertThat(Probe.ordered().returningSource(SourceKind.ID)).isEqualTo(ReturningSource.CATCH_UP);
    }

    @Test
    @DisplayName("case 29: a new source below the watermark does not move it, and its event is judged by its window")
    void newSourceBelow() {
        for (ReturningSource policy : ReturningSource.values()) {
            var probe = Probe.ofTen(strategy -> strategy.withReturningSource(policy));
            probe.event("a", 25);
            assertThat(probe.event("b", 22)).isEqualTo("P");
            assertThat(probe.event("b", 19)).isEqualTo("L");
            assertThat(probe.engine.watermark()).isEqualTo(25);
        }
    }

    @Test
    @DisplayName("case 30: a finished source is left out, and not taken for infinitely far")
    void finishedSource() {
        var probe = Probe.ofTen().declare("a", "b");
        probe.event("a", 25);
        probe.event("b", 5);
        probe.engine.finish("b", 0);
        assertThat(probe.engine.watermark()).isEqualTo(25);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1");
        probe.engine.finish("a", 0);
        assertThat(probe.engine.watermark()).isEqualTo(25);
    }

    @Test
    @DisplayName(
            "case 31: a partition that has never had a record, and has nothing to be read, is not waited for any more")
    void emptyPartition() {
        var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT)).sources(SourceKind.PARTITION))
                .declare("p0", "p1");
        for (int second = 0; second < 60; second++) {
            probe.event("p0", 100 + second);
            assertThat(probe.engine.watermark()).isEqualTo(Long.MIN_VALUE);
            probe.tickAt(probe.now + 1_000);
        }
        assertThat(state(probe, "p1")).isEqualTo(SourceState.IDLE);
        assertThat(probe.engine.watermark()).isEqualTo(159);
    }

    @Test
    @DisplayName("case 32: a partition that has records to be read is not idle, nor is one of which that is unknown")
    void lagIsNotSilence() {
        for (long unread : new long[] {1, InputLag.UNKNOWN}) {
            lag.put("p1", unread);
            var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT)).sources(SourceKind.PARTITION))
                    .declare("p0", "p1");
            probe.event("p0", 100);
            probe.ticksFor(Duration.ofHours(1));
            assertThat(state(probe, "p1")).isEqualTo(SourceState.ACTIVE);
            assertThat(probe.engine.watermark()).isEqualTo(Long.MIN_VALUE);
            lag.put("p1", 0L);
            probe.ticksFor(TIMEOUT.minusSeconds(1));
            assertThat(state(probe, "p1"))
                    .as("the time counts from the last lag")
                    .isEqualTo(SourceState.ACTIVE);
            probe.ticksFor(Duration.ofSeconds(1));
            assertThat(state(probe, "p1")).isEqualTo(SourceState.IDLE);
        }
    }

    @Test
    @DisplayName("case 32: an idle partition that has records to be read again is waited for before they come")
    void lagAfterIdleness() {
        var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT)).sources(SourceKind.PARTITION))
                .declare("p0", "p1");
        probe.event("p0", 100);
        probe.event("p1", 90);
        silence(probe, "p0");
        assertThat(probe.engine.watermark()).isEqualTo(100);
        lag.put("p1", 3L);
        probe.tickAt(probe.now + 1_000);
        probe.event("p0", 200);
        assertThat(probe.engine.watermark()).isEqualTo(100);
    }

    @Test
    @DisplayName("case 33: a thread that stands still for an hour takes nobody for idle")
    void stoppedThread() {
        var probe = idleAfterAMinute().declare("a", "b");
        probe.event("a", 100);
        probe.event("b", 20);
        probe.tickAt(probe.now + Duration.ofHours(1).toMillis());
        assertThat(state(probe, "a")).isEqualTo(SourceState.ACTIVE);
        assertThat(state(probe, "b")).isEqualTo(SourceState.ACTIVE);
        assertThat(probe.engine.watermark()).isEqualTo(20);
    }

    @Test
    @DisplayName("case 34: after a restart nobody is idle before the whole time is over")
    void restartedSilence() {
        var probe = idleAfterAMinute().declare("a", "b");
        probe.event("a", 100);
        probe.event("b", 20);
        probe.ticksFor(TIMEOUT.minusSeconds(1));
        probe.now += Duration.ofHours(2).toMillis();
        probe.restart();
        probe.ticksFor(TIMEOUT.minusSeconds(1));
        assertThat(state(probe, "b")).isEqualTo(SourceState.ACTIVE);
        probe.ticksFor(Duration.ofSeconds(1));
        assertThat(state(probe, "b")).isEqualTo(SourceState.IDLE);
        probe.restart();
        assertThat(state(probe, "b")).as("idle ones count again").isEqualTo(SourceState.ACTIVE);
        assertThat(probe.engine.watermark()).isEqualTo(20);
    }

    @Test
    @DisplayName("case 35: a record without source is taken for the default source's, or rejected and moves nothing")
    void missingSource() {
        var taken = Probe.ofTen();
        assertThat(Probe.letter(taken.event(null, Probe.KEY, 5, 1))).isEqualTo("P");
        assertThat(taken.engine.watermark()).isEqualTo(5);
        var refused = Probe.of(Probe.tumbling(10).missingSource(MissingSource.REJECT));
        assertThat(Probe.reason(refused.event(null, Probe.KEY, 5, 1))).isEqualTo(Rejection.NO_SOURCE);
        refused.assertEmpty();
        assertThat(refused.engine.watermark()).isEqualTo(Long.MIN_VALUE);
        assertThat(refused.engine.sources()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("case 36: one source more than there may be is rejected, or merged with all others beyond")
    void tooManySources(SourceLimit limit) {
        var probe = Probe.ofTen(strategy -> strategy.withMaxSources(2, limit));
        probe.event("a", 100);
        probe.event("b", 100);
        Disposition third = probe.event("c", Probe.KEY, 101, 1);
        if (limit == SourceLimit.REJECT) {
            assertThat(Probe.reason(third)).isEqualTo(Rejection.TOO_MANY_SOURCES);
            assertThat(probe.engine.sources()).hasSize(2);
        } else {
            assertThat(Probe.letter(third)).isEqualTo("P");
            assertThat(probe.event("d", 150)).isEqualTo("P");
            probe.event("a", 200);
            probe.event("b", 200);
            assertThat(probe.engine.watermark()).as("c and d are one source").isEqualTo(150);
            assertThat(probe.engine.sources()).hasSize(3);
            probe.restart();
            probe.event("c", 170);
            assertThat(probe.engine.watermark()).isEqualTo(170);
        }
    }

    @Test
    @DisplayName("idle sources are forgotten when there is no room for others, and come back as new ones")
    void idleOnesAreForgotten() {
        var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT).withMaxSources(2, SourceLimit.REJECT)));
        probe.event("a", 100);
        probe.event("b", 20);
        silence(probe, "a");
        assertThat(probe.event("c", 110)).isEqualTo("P");
        assertThat(state(probe, "b")).isNull();
        assertThat(probe.control.entries.keySet().stream().filter(key -> key[0] == 'S'))
                .hasSize(2);
        assertThat(probe.event("b", 120)).as("no room any more").isEqualTo("R");
        assertThat(probe.engine.watermark()).isEqualTo(100);
    }

    @Test
    @DisplayName(
            "an idle source is forgotten after as much time again, and what it sends then is judged as if it had not been")
    void longIdleOnesAreForgotten() {
        var probe = idleAfterAMinute();
        probe.event("a", 100);
        probe.event("b", 20);
        silence(probe, "a");
        silence(probe, "a");
        assertThat(probe.engine.sources()).extracting(SourceReport::name).containsExactly("a");
        assertThat(probe.event("b", 30)).isEqualTo("L");
        assertThat(probe.engine.watermark()).isEqualTo(100);
        assertThat(state(probe, "b")).isEqualTo(SourceState.CATCHING_UP);
    }

    @Test
    @DisplayName(
            "while the input has a backlog, an id is idle when the input has moved on by the idleness since its last record")
    void eventTimeIdleness() {
        lag.put("trades-0", 1_000L);
        var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT)));
        Input input = probe.engine.input("trades-0");
        probe.engine.tick(0);
        replay(probe, input, "a", 1_000);
        replay(probe, input, "b", 1_000);
        replay(probe, input, "a", 60_999);
        assertThat(probe.engine.watermark()).isEqualTo(1_000);
        replay(probe, input, "a", 61_000);
        assertThat(probe.engine.watermark()).isEqualTo(61_000);
        assertThat(state(probe, "b")).isEqualTo(SourceState.IDLE);
    }

    @Test
    @DisplayName("while the input has a backlog, ticks make no id idle")
    void backlogIsNotSilence() {
        lag.put("trades-0", 1_000L);
        var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT))).declare("a", "b");
        Input input = probe.engine.input("trades-0");
        replay(probe, input, "a", 100);
        replay(probe, input, "b", 20);
        probe.ticksFor(Duration.ofHours(1));
        assertThat(state(probe, "b")).isEqualTo(SourceState.ACTIVE);
        lag.put("trades-0", 0L);
        probe.ticksFor(TIMEOUT);
        assertThat(state(probe, "b")).isEqualTo(SourceState.ACTIVE);
        probe.ticksFor(Duration.ofSeconds(1));
        assertThat(state(probe, "b")).isEqualTo(SourceState.IDLE);
    }

    @Test
    @DisplayName("an id that reports, however far behind, is not idle by event time")
    void slowIsNotIdle() {
        lag.put("trades-0", 1_000L);
        var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT))).declare("fast", "slow");
        Input input = probe.engine.input("trades-0");
        probe.engine.tick(0);
        for (long time = 0; time < 600_000; time += 30_000) {
            replay(probe, input, "fast", 1_000_000 + time);
            replay(probe, input, "slow", time);
        }
        assertThat(probe.engine.accounts().late()).isZero();
        assertThat(probe.engine.watermark()).isEqualTo(570_000);
    }

    @Test
    @DisplayName(
            "a declared id that never reports is idle once the input has moved on by the idleness since its first record")
    void neverReported() {
        lag.put("trades-0", 1_000L);
        var probe = Probe.of(settings(Probe.ordered().withIdleness(TIMEOUT))).declare("a", "b");
        Input input = probe.engine.input("trades-0");
        probe.engine.tick(0);
        replay(probe, input, "a", 1_000);
        replay(probe, input, "a", 60_999);
        probe.restart();
        input = probe.engine.input("trades-0");
        probe.engine.tick(0);
        assertThat(probe.engine.watermark()).isEqualTo(Long.MIN_VALUE);
        replay(probe, input, "a", 61_000);
        assertThat(probe.engine.watermark()).isEqualTo(61_000);
    }

    private static void replay(Probe probe, Input input, String source, long timestamp) {
        probe.event(input, source, Probe.KEY, timestamp, timestamp, 1);
    }

    @Test
    @DisplayName("a source further behind than the bound on drift is left out until it has caught up")
    void drift() {
        var probe = Probe.ofTen(strategy -> strategy.withMaxDrift(Duration.ofMillis(50)))
                .declare("a", "b");
        probe.event("a", 100);
        probe.event("b", 60);
        assertThat(probe.engine.watermark()).isEqualTo(60);
        probe.event("a", 110);
        assertThat(probe.engine.watermark()).isEqualTo(60);
        probe.event("a", 111);
        assertThat(probe.engine.watermark()).isEqualTo(111);
        assertThat(state(probe, "b")).isEqualTo(SourceState.CATCHING_UP);
        probe.restart();
        assertThat(probe.event("b", 105)).isEqualTo("L");
        probe.event("b", 111);
        assertThat(state(probe, "b")).isEqualTo(SourceState.ACTIVE);
        probe.event("a", 120);
        assertThat(probe.engine.watermark()).isEqualTo(111);
    }

    @Test
    @DisplayName("a declared source that has not reported is measured for drift from the first mark of all")
    void driftOfASilentSource() {
        var probe = Probe.ofTen(strategy -> strategy.withMaxDrift(Duration.ofMillis(50)))
                .declare("a", "b");
        probe.event("a", 1_000);
        assertThat(probe.engine.watermark()).isEqualTo(Long.MIN_VALUE);
        probe.event("a", 1_051);
        assertThat(probe.engine.watermark()).isEqualTo(1_051);
    }

    @Test
    @DisplayName("marks from upstream move the watermark, events do not")
    void marksFromUpstream() {
        var probe = Probe.of(Probe.tumbling(10).watermarks(WatermarkStrategy.fromUpstream()))
                .declare("0 of 2", "1 of 2");
        assertThat(probe.event("device", 500)).isEqualTo("P");
        assertThat(probe.event("device", 5)).isEqualTo("P");
        assertThat(probe.engine.mark("0 of 2", 30, 0)).isTrue();
        assertThat(probe.engine.watermark()).isEqualTo(Long.MIN_VALUE);
        probe.engine.mark("1 of 2", 10, 0);
        assertThat(probe.engine.watermark()).isEqualTo(10);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1");
        assertThat(probe.event("device", 9)).isEqualTo("L");
        probe.restart();
        probe.engine.mark("1 of 2", 40, 0);
        assertThat(probe.engine.watermark()).isEqualTo(30);
    }

    @Test
    @DisplayName("the incident: the slowest source decides, and the counts add up to the last record")
    void incident() {
        var probe = Probe.of(Probe.tumbling(60_000)).declare("A", "B", "C");
        probe.event("A", 1705544400000L);
        probe.event("B", 1705544520000L);
        probe.event("C", 1705544100000L);
        assertThat(probe.engine.watermark()).isEqualTo(1705544100000L);
        assertThat(probe.event("C", 1705544150000L)).as("on time").isEqualTo("P");
    }

    @Test
    @DisplayName("the incident: 2,847,293 ingested = 2,831,106 processed + 12,891 late + 3,296 rejected")
    void incidentAccounts() {
        var engine = Probe.tumbling(60_000).start(new HeapWindowStore<>(KeyBytes.utf8()), result -> {}, 0);
        long begin = 1705544400000L;
        for (int i = 0; i < 2_831_106; i++) {
            engine.process("A", "key", begin + i, 1L, 0);
        }
        for (int i = 0; i < 12_891; i++) {
            engine.process("A", "key", begin, 1L, 0);
        }
        for (int i = 0; i < 3_296; i++) {
            engine.process("A", null, begin, 1L, 0);
        }
        Accounts accounts = engine.accounts();
        assertThat(accounts.ingested()).isEqualTo(2_847_293);
        assertThat(accounts.processed()).isEqualTo(2_831_106);
        assertThat(accounts.late()).isEqualTo(12_891);
        assertThat(accounts.rejected(Rejection.NULL_KEY)).isEqualTo(3_296);
    }
}
