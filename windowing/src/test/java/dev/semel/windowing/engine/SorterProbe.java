package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A sorter on a store of bytes, with all that came out of it. An event is a text, its time as long as nothing else is said. The accounts
 * are checked against the calls after each of them.
 */
final class SorterProbe {

    private final SorterEngineBuilder settings;
    final List<String> sorted = new ArrayList<>();
    ByteSortStore store = new ByteSortStore();
    KeptControl control = new KeptControl();
    SorterEngine<String> engine;
    long now;
    private long calls;
    private long lastTime = Long.MIN_VALUE;
    private long lastWatermark = Long.MIN_VALUE;
    private long released;

    private SorterProbe(SorterEngineBuilder settings) {
        this.settings = settings;
        this.engine = settings.start(store, control, List.of(), this::take, now);
    }

    private void take(long timestamp, String event) {
        assertThat(timestamp).as("the time of %s", event).isGreaterThanOrEqualTo(lastTime);
        lastTime = timestamp;
        released++;
        sorted.add(event);
    }

    static SorterProbe of(SorterEngineBuilder settings, String... sources) {
        var probe = new SorterProbe(settings);
        for (String source : sources) {
            probe.engine.declare(source, probe.now);
        }
        return probe;
    }

    static SorterProbe withDisorder(long millis, String... sources) {
        return of(disorder(millis), sources);
    }

    static SorterEngineBuilder disorder(long millis) {
        return SorterEngine.builder().watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(millis)));
    }

    static SorterProbe ordered(UnaryOperator<WatermarkStrategy> watermarks, String... sources) {
        return of(SorterEngine.builder().watermarks(watermarks.apply(Probe.ordered())), sources);
    }

    /** What was kept is all that is left. */
    void restart() {
        store = store.copy();
        control = control.copy();
        engine = settings.start(store, control, control.stored(), this::take, now);
    }

    /** P, L or R. */
    String event(@Nullable String source, long timestamp) {
        return event(source, timestamp, Long.toString(timestamp));
    }

    String event(@Nullable String source, long timestamp, String event) {
        return Probe.letter(disposition(source, timestamp, timestamp, event));
    }

    Disposition disposition(@Nullable String source, long timestamp, long recordTimestamp, String event) {
        calls++;
        Disposition disposition = engine.sort(engine.input("in"), source, timestamp, recordTimestamp, event, now);
        check();
        return disposition;
    }

    void ticksFor(Duration duration) {
        for (long until = now + duration.toMillis(); now < until; ) {
            now += 1_000;
            engine.tick(now);
            check();
        }
    }

    void check() {
        Accounts accounts = engine.accounts();
        assertThat(accounts.ingested()).as("ingested").isEqualTo(calls);
        assertThat(accounts.processed())
                .as("processed = gone out + waiting")
                .isEqualTo(released + store.entries.size());
        assertThat(accounts.closedContributions()).as("gone out").isEqualTo(released);
        assertThat(engine.waiting()).as("waiting").isEqualTo(store.entries.size());
        assertThat(engine.watermark()).as("the watermark").isGreaterThanOrEqualTo(lastWatermark);
        lastWatermark = engine.watermark();
    }

    /** What went out since the last call. */
    List<String> taken() {
        var taken = List.copyOf(sorted);
        sorted.clear();
        return taken;
    }
}
