package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A counting engine on a store of bytes, with all that came out of it. Events are of the key "k" and the source "s" unless they say
 * otherwise, and a negative value makes the aggregate throw. The accounts are checked against the calls after each of them.
 */
final class Probe {

    static final String KEY = "k";
    static final String SOURCE = "s";

    /** Throws on negative values. */
    static final Aggregate<String, Long, Long> COUNT = Aggregate.of(() -> 0L, (key, value, count) -> {
        if (value < 0) {
            throw new IllegalArgumentException("negative");
        }
        return count + 1;
    });

    private final WindowEngineBuilder<String, Long, Long> settings;
    final List<WindowResult<String, Long>> results = new ArrayList<>();
    ByteWindowStore store = new ByteWindowStore();
    KeptControl control = new KeptControl();
    WindowEngine<String, Long, Long> engine;
    long now;
    private long calls;
    private long lastWatermark = Long.MIN_VALUE;

    private Probe(WindowEngineBuilder<String, Long, Long> settings) {
        this.settings = settings;
        this.engine = settings.start(store, control, List.of(), results::add, now);
    }

    static Probe of(WindowEngineBuilder<String, Long, Long> settings) {
        return new Probe(settings);
    }

    /** The settings of most cases: size 10, B = 0, L = 0. */
    static Probe ofTen() {
        return of(tumbling(10));
    }

    static WindowEngineBuilder<String, Long, Long> tumbling(long size) {
        return WindowEngine.of(WindowAssigner.tumbling(Duration.ofMillis(size)), COUNT);
    }

    static Probe ofTen(UnaryOperator<WatermarkStrategy> watermarks) {
        return of(tumbling(10).watermarks(watermarks.apply(ordered())));
    }

    static WatermarkStrategy ordered() {
        return WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO);
    }

    /** What was kept is all that is left. */
    void restart() {
        restart(settings);
    }

    void restart(WindowEngineBuilder<String, Long, Long> newSettings) {
        store = store.copy();
        control = control.copy();
        engine = newSettings.start(store, control, control.stored(), results::add, now);
    }

    Probe declare(String... sources) {
        for (String source : sources) {
            engine.declare(source, now);
        }
        return this;
    }

    Disposition event(@Nullable String source, @Nullable String key, long timestamp, long value) {
        calls++;
        Disposition disposition = engine.process(source, key, timestamp, value, now);
        check();
        return disposition;
    }

    Disposition event(
            Input input,
            @Nullable String source,
            @Nullable String key,
            long timestamp,
            long recordTimestamp,
            long value) {
        calls++;
        Disposition disposition = engine.process(input, source, key, timestamp, recordTimestamp, value, now);
        check();
        return disposition;
    }

    String event(String source, long timestamp) {
        return letter(event(source, KEY, timestamp, 1));
    }

    /** What became of each: P, L or R. */
    String events(long... timestamps) {
        var letters = new StringBuilder();
        for (long timestamp : timestamps) {
            letters.append(event(SOURCE, timestamp));
        }
        return letters.toString();
    }

    static String letter(Disposition disposition) {
        return disposition instanceof Late ? "L" : disposition instanceof Rejected ? "R" : "P";
    }

    static Rejection reason(Disposition disposition) {
        return ((Rejected) disposition).reason();
    }

    void watermark(long point) {
        engine.advanceTo(point, now);
        check();
    }

    void tickAt(long time) {
        now = time;
        engine.tick(now);
        check();
    }

    /** Ticks each second until so much has passed. */
    void ticksFor(Duration duration) {
        long until = now + duration.toMillis();
        while (now < until) {
            tickAt(Math.min(until, now + 1_000));
        }
    }

    void check() {
        Accounts accounts = engine.accounts();
        assertThat(accounts.ingested()).as("ingested").isEqualTo(calls);
        assertThat(engine.watermark()).as("the watermark").isGreaterThanOrEqualTo(lastWatermark);
        assertThat(accounts.openEntries()).as("open entries").isEqualTo(store.entries.size());
        lastWatermark = engine.watermark();
    }

    void assertCounts(long processed, long late, long rejected) {
        Accounts accounts = engine.accounts();
        assertThat(List.of(accounts.processed(), accounts.late(), accounts.rejectedRecords()))
                .as("processed, late, rejected")
                .containsExactly(processed, late, rejected);
    }

    /** All results since the last call: window, key, count, and for panes kind and index. */
    List<String> takeResults() {
        var shown = results.stream().map(Probe::show).toList();
        results.clear();
        return shown;
    }

    private static String show(WindowResult<String, Long> result) {
        String what =
                result.window() + " " + (result.key().equals(KEY) ? "" : result.key() + " ") + result.accumulator();
        return result.kind() == ResultKind.FINAL ? what : what + " " + result.kind() + " " + result.index();
    }

    /** No entry, no window, no result to come. */
    void assertEmpty() {
        assertThat(store.entries).isEmpty();
        assertThat(engine.accounts().openWindows()).isZero();
        assertThat(engine.hasDue()).isFalse();
    }
}
