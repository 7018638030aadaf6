package dev.semel.windowing.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.engine.KeptControl;
import dev.semel.windowing.sequence.Sequenced.Duplicate;
import dev.semel.windowing.sequence.Sequenced.Rejected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A resequencer with all that came out of it. Events are of the key "k" unless they say otherwise. Accounts are checked after each call. */
final class SequenceProbe implements SequenceSink<String, String> {

    static final String KEY = "k";

    private SequenceEngineBuilder settings;
    private final HeapSequenceStore<String, String> store = new HeapSequenceStore<>();
    private final List<String> out = new ArrayList<>();
    private final Map<String, Long> lastNumber = new HashMap<>();
    KeptControl control = new KeptControl();
    SequenceEngine<String, String> engine;
    long now = 1_000_000;
    private long calls;
    private long released;
    private long gapped;

    private SequenceProbe(SequenceEngineBuilder settings) {
        this.settings = settings;
        this.engine = settings.start(store, control, List.of(), this, now);
    }

    static SequenceProbe of(SequenceEngineBuilder settings) {
        return new SequenceProbe(settings);
    }

    /** From 1, and events wait for ten seconds, at most three of them. */
    static SequenceEngineBuilder fromOne(GapPolicy policy) {
        return SequenceEngine.builder()
                .firstExpected(1)
                .gapBound(Duration.ofSeconds(10), 3)
                .onGap(policy);
    }

    @Override
    public void next(String key, long number, String event) {
        assertThat(number)
                .as("the number of %s", event)
                .isGreaterThan(lastNumber.getOrDefault(key, Long.MIN_VALUE + 1) - 1);
        lastNumber.put(key, number);
        released++;
        out.add(event);
    }

    @Override
    public void gap(String key, long number, String event, long expected, GapReason reason) {
        gapped++;
        out.add("gap " + expected + " " + reason + ": " + event);
    }

    /** What was kept is all that is left; time may have passed. */
    void restart() {
        restart(settings);
    }

    void restart(SequenceEngineBuilder newSettings) {
        settings = newSettings;
        control = control.copy();
        engine = settings.start(store, control, control.stored(), this, now);
    }

    /** T, D for a duplicate, W for one of an event that waits, or R. */
    String event(@Nullable String key, long number) {
        calls++;
        String event = (key == null || key.equals(KEY) ? "" : key) + number;
        Sequenced became = engine.process(key, number, event, now);
        check();
        return became instanceof Duplicate duplicate
                ? duplicate.isWaiting() ? "W" : "D"
                : became instanceof Rejected ? "R" : "T";
    }

    String events(long... numbers) {
        var letters = new StringBuilder();
        for (long number : numbers) {
            letters.append(event(KEY, number));
        }
        return letters.toString();
    }

    /** Ticks each second until so much has passed. */
    void passes(long seconds) {
        for (long i = 0; i < seconds; i++) {
            now += 1_000;
            engine.tick(now);
            check();
        }
    }

    void check() {
        SequenceAccounts accounts = engine.accounts();
        assertThat(accounts.ingested()).as("ingested").isEqualTo(calls);
        assertThat(accounts.released()).as("released").isEqualTo(released);
        assertThat(accounts.gapped()).as("gone to the gaps").isEqualTo(gapped);
    }

    void drain() {
        for (int call = 0; engine.hasDue(); call++) {
            assertThat(call)
                    .as("calls after which something is left to be done")
                    .isLessThan(10_000);
            engine.emitMore();
            check();
        }
    }

    List<String> taken() {
        var taken = List.copyOf(out);
        out.clear();
        return taken;
    }
}
