package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.state.HeapSessionStore;
import dev.semel.windowing.state.KeyBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine that counts in sessions with a gap of 10. Its watermark is moved by hand: a source is declared that never reports. The
 * accounts are checked after each event.
 */
final class SessionProbe {

    private final SessionEngineBuilder<String, Long, Long> settings;
    final List<WindowResult<String, Long>> results = new ArrayList<>();
    final HeapSessionStore<String, Long> store = new HeapSessionStore<>(KeyBytes.utf8());
    private KeptControl control = new KeptControl();
    SessionEngine<String, Long, Long> engine;
    private long calls;

    SessionProbe(SessionEngineBuilder<String, Long, Long> settings) {
        this.settings = settings;
        this.engine = settings.start(store, control, List.of(), results::add, 0);
        engine.declare("never", 0);
    }

    static SessionEngineBuilder<String, Long, Long> settings() {
        return SessionEngine.of(Duration.ofMillis(10), Aggregates.<String, Long>count());
    }

    static SessionProbe inPanes(long lateness) {
        return new SessionProbe(
                settings().allowedLateness(Duration.ofMillis(lateness)).emission(Emission.inPanes()));
    }

    void restart() {
        control = control.copy();
        engine = settings.start(store, control, control.stored(), results::add, 0);
    }

    KeptControl keptControl() {
        return control;
    }

    /** Of the key "k". */
    String events(long... timestamps) {
        var letters = new StringBuilder();
        for (long timestamp : timestamps) {
            letters.append(event("k", timestamp));
        }
        return letters.toString();
    }

    String event(String key, long timestamp) {
        calls++;
        String letter = Probe.letter(engine.process("s", key, timestamp, 1L, 0));
        Accounts accounts = engine.accounts();
        assertThat(accounts.ingested()).isEqualTo(calls);
        assertThat(accounts.openEntries()).isEqualTo(store.size());
        return letter;
    }

    void watermark(long watermark) {
        engine.advanceTo(watermark, 0);
    }

    void emitAll() {
        while (engine.hasDue()) {
            engine.emitMore();
        }
    }

    /** Such as {@code k [0, 19) 3 LATE 1 for [[0, 10)]}. */
    List<String> takeResults() {
        var shown = results.stream().map(SessionProbe::shown).toList();
        results.clear();
        return shown;
    }

    static String shown(WindowResult<String, Long> result) {
        return result.key() + " " + result.window() + " " + result.accumulator() + " " + result.kind() + " "
                + result.index() + (result.replaced().isEmpty() ? "" : " for " + result.replaced());
    }
}
