package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.SourceLimit;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is refused when settings are given, and when an engine is started with settings that do not fit each other. */
class SettingsTest {

    private static final WatermarkStrategy STRATEGY = Probe.ordered();

    private static void refused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(words);
    }

    private static void refusedAtStart(WindowEngineBuilder<String, Long, Long> settings, String... words) {
        assertThatThrownBy(() -> settings.start(new HeapWindowStore<>(KeyBytes.utf8()), result -> {}, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void aMessageNamesTheArgumentItsValueAndTheRule() {
        refused(() -> WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(-1)), "disorder", "PT-1S", "negative");
        refused(() -> STRATEGY.withIdleness(Duration.ZERO), "idle", "PT0S", "positive");
        refused(() -> STRATEGY.withMaxDrift(Duration.ZERO), "drift", "PT0S");
        refused(() -> STRATEGY.withTicks(Duration.ZERO), "ticks", "PT0S");
        refused(() -> STRATEGY.withMaxSources(0, SourceLimit.MERGE), "sources", "0");
        refused(() -> WindowAssigner.hopping(Duration.ofSeconds(1), Duration.ofSeconds(2)), "advance", "PT2S", "PT1S");
        refused(() -> WindowAssigner.hopping(Duration.ofDays(30), Duration.ofMillis(1)), "10000");
        refused(() -> WindowAssigner.tumbling(Duration.ofNanos(1_500_000)), "size", "millisecond");
        refused(() -> WindowAssigner.tumbling(Duration.ofSeconds(Long.MAX_VALUE)), "size", "long");
        refused(() -> Probe.tumbling(10).futureGuard(Duration.ofMillis(-1)), "future");
        refused(() -> Probe.tumbling(10).resultsPerCall(0), "results", "0");
        refused(() -> OpenStateLimit.windows(0, OpenStateLimit.Beyond.FAIL), "windows", "0");
        refused(() -> OpenStateLimit.none().withEntries(0), "entries", "0");
        refused(() -> new Window(5, 5), "5");
    }

    @Test
    void settingsThatContradictEachOtherAreRefusedAtTheStart() {
        refusedAtStart(Probe.tumbling(10).watermarks(STRATEGY.withIdleness(Duration.ofMinutes(1))), "lag(");
        refusedAtStart(
                Probe.tumbling(10)
                        .watermarks(STRATEGY.withIdleness(Duration.ofMillis(1_999)))
                        .lag(InputLag.none()),
                "PT1.999S",
                "ticks");
        refusedAtStart(Probe.tumbling(10).watermarks(STRATEGY.withFlushWhenAllIdle()), "idleness");
        refusedAtStart(
                Probe.tumbling(10).watermarks(WatermarkStrategy.fromUpstream()).missingSource(MissingSource.REJECT),
                "upstream");
    }

    @Test
    void aLimitThatNoRecordFitsIntoIsRefused() {
        for (OpenStateLimit limit : List.of(
                OpenStateLimit.windows(4, Beyond.SHED),
                OpenStateLimit.entries(4, Beyond.FORCE_ADVANCE),
                OpenStateLimit.windows(100, Beyond.FAIL).withEntries(4))) {
            refusedAtStart(hopping(50, 10).openState(limit), "at least 5", "PT0.05S", limit.toString());
        }
        var probe = Probe.of(hopping(50, 10).openState(OpenStateLimit.windows(5, Beyond.SHED)));
        assertThat(probe.events(100, 101, 110)).isEqualTo("PPR");
    }

    private static WindowEngineBuilder<String, Long, Long> hopping(long size, long advance) {
        return WindowEngine.of(
                WindowAssigner.hopping(Duration.ofMillis(size), Duration.ofMillis(advance)), Probe.COUNT);
    }

    @Test
    void earlyPanesThatNeverComeAreRefused() {
        for (long interval : new long[] {10, 11}) {
            refusedAtStart(
                    Probe.tumbling(10).emission(Emission.inPanes().withEarly(Duration.ofMillis(interval))),
                    "early",
                    "PT0.01S");
        }
        var probe = Probe.of(Probe.tumbling(10).emission(Emission.inPanes().withEarly(Duration.ofMillis(9))));
        probe.events(5, 9);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 2 EARLY 0");
    }

    @Test
    void recordsWithoutASourceAreNotRejectedWhereSourcesArePartitions() {
        refusedAtStart(
                Probe.tumbling(10).sources(SourceKind.PARTITION).missingSource(MissingSource.REJECT), "missingSource");
    }

    @Test
    void strategiesAreImmutable() {
        STRATEGY.withIdleness(Duration.ofMinutes(1)).withFlushWhenAllIdle().withMaxDrift(Duration.ofMinutes(1));
        assertThat(STRATEGY.idleness()).isEmpty();
        assertThat(STRATEGY.maxDrift()).isEmpty();
        assertThat(STRATEGY.isFlushing()).isFalse();
        assertThat(STRATEGY.withWallClockAdvance()
                        .withTicks(Duration.ofMillis(100))
                        .isWallClockAdvance())
                .isTrue();
    }
}
