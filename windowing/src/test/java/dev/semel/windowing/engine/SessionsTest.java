package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.aggregate.MergeableAggregate;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.state.HeapSessionStore;
import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.state.KeyBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions: events of a key that are no further apart than a gap, of 10 here. */
class SessionsTest {

    private final List<WindowResult<String, Long>> results = new ArrayList<>();
    private HeapSessionStore<String, Long> store = new HeapSessionStore<>(KeyBytes.utf8());
    private final KeptControl control = new KeptControl();
    private SessionEngine<String, Long, Long> engine = settings().start(store, control, List.of(), results::add, 0);

    private static SessionEngineBuilder<String, Long, Long> settings() {
        return SessionEngine.of(Duration.ofMillis(10), Aggregates.<String, Long>count());
    }

    private void begin(SessionEngineBuilder<String, Long, Long> settings) {
        store = new HeapSessionStore<>(KeyBytes.utf8());
        engine = settings.start(store, results::add, 0);
    }

    private String events(long... timestamps) {
        var letters = new StringBuilder();
        for (long timestamp : timestamps) {
            letters.append(Probe.letter(engine.process("s", "k", timestamp, 1L, 0)));
        }
        return letters.toString();
    }

    private List<String> takeResults() {
        var shown = results.stream()
                .map(result -> result.key() + " " + result.window() + " " + result.accumulator())
                .toList();
        results.clear();
        return shown;
    }

    @Test
    @DisplayName("events no further apart than the gap are one session, which ends a gap after the last")
    void oneSession() {
        events(0, 5, 15, 26);
        assertThat(takeResults()).containsExactly("k [0, 25) 3");
        engine.advanceTo(36, 0);
        assertThat(results).extracting(WindowResult::timestamp).containsExactly(26L);
        assertThat(takeResults()).containsExactly("k [26, 36) 1");
        assertThat(store.size()).isZero();
    }

    @Test
    @DisplayName("an event between two sessions makes one of them, and of three")
    void merge() {
        engine.declare("s", 0);
        engine.declare("slow", 0);
        events(0, 15, 30);
        assertThat(engine.accounts().openEntries()).isEqualTo(3);
        events(7);
        assertThat(engine.accounts().openEntries()).isEqualTo(2);
        events(22);
        assertThat(engine.accounts().openEntries()).isEqualTo(1);
        engine.advanceTo(40, 0);
        assertThat(takeResults()).containsExactly("k [0, 40) 5");
    }

    @Test
    @DisplayName("an event is judged after it is merged: a session that is open takes one that would be late alone")
    void judgedAfterMerging() {
        begin(settings().allowedLateness(Duration.ofMillis(20)));
        events(0);
        engine.advanceTo(29, 0);
        assertThat(events(9)).as("merged, and so open until 39").isEqualTo("P");
        engine.advanceTo(38, 0);
        assertThat(events(0)).as("alone it would have been closed at 30").isEqualTo("P");
        engine.advanceTo(39, 0);
        assertThat(takeResults()).containsExactly("k [0, 19) 3");
        assertThat(engine.process("s", "k", 9, 1L, 0)).isEqualTo(new Late(39, new Window(9, 19)));
    }

    @Test
    @DisplayName("a session that is closed, and waits for its slice, is merged with nothing")
    void closedInSlices() {
        begin(settings().resultsPerCall(1));
        for (String key : List.of("a", "b", "c")) {
            engine.process("s", key, 0, 1L, 0);
        }
        engine.advanceTo(10, 0);
        assertThat(takeResults()).containsExactly("a [0, 10) 1");
        assertThat(Probe.letter(engine.process("s", "c", 5, 1L, 0))).isEqualTo("P");
        assertThat(takeResults()).containsExactly("b [0, 10) 1");
        engine.advanceTo(15, 0);
        engine.emitMore();
        assertThat(takeResults()).containsExactly("c [0, 10) 1", "c [5, 15) 1");
    }

    @Test
    @DisplayName("an aggregate that fails to merge rejects the record and leaves the sessions as they were")
    void failingMerge() {
        var failing =
                MergeableAggregate.<String, Long, Long>of(() -> 0L, (key, value, count) -> count + 1, (one, other) -> {
                    throw new IllegalStateException("cannot");
                });
        begin(SessionEngine.of(Duration.ofMillis(10), failing));
        engine.declare("s", 0);
        engine.declare("slow", 0);
        assertThat(events(0, 15, 7)).isEqualTo("PPR");
        engine.advanceTo(Long.MAX_VALUE, 0);
        assertThat(takeResults()).containsExactly("k [0, 10) 1", "k [15, 25) 1");
        assertThat(engine.accounts().rejected(Rejection.AGGREGATE_FAILED)).isEqualTo(1);
    }

    @Test
    @DisplayName("after a restart open sessions close as they would have, and another gap is refused")
    void restart() {
        events(0, 5);
        engine = settings().start(store, control, control.stored(), results::add, 0);
        assertThat(events(30)).isEqualTo("P");
        assertThat(takeResults()).containsExactly("k [0, 15) 2");
        assertThat(events(1)).isEqualTo("L");
        assertThat(engine.accounts().ingested()).isEqualTo(4);
        assertThatThrownBy(() -> SessionEngine.of(Duration.ofMillis(11), Aggregates.<String, Long>count())
                        .start(store, control, control.stored(), results::add, 0))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("PT0.01S");
    }

    @Test
    @DisplayName("events at the ends of the range are rejected")
    void outOfRange() {
        assertThat(events(Long.MAX_VALUE - 9, Long.MIN_VALUE, 5)).isEqualTo("RRP");
    }

    @Test
    @DisplayName("in any order within the disorder, sessions are those of a batch")
    void sessionsOfABatch() {
        for (long seed = 0; seed < 100; seed++) {
            var random = new Random(seed);
            begin(settings().resultsPerCall(1 + random.nextInt(3)));
            Map<String, TreeSet<Long>> times = new HashMap<>();
            Map<String, Integer> counts = new HashMap<>();
            long horizon = 2_000;
            engine.declare("s", 0);
            engine.declare("never", 0);
            for (int i = 0; i < 200; i++) {
                String key = "key " + random.nextInt(4);
                long time = random.nextInt((int) horizon);
                engine.process("s", key, time, 1L, 0);
                times.computeIfAbsent(key, none -> new TreeSet<>()).add(time);
                counts.merge(key + " " + time, 1, Integer::sum);
            }
            var expected = new TreeSet<String>();
            times.forEach((key, all) -> expected.addAll(sessions(key, all, counts)));
            engine.advanceTo(Long.MAX_VALUE, 0);
            while (engine.hasDue()) {
                engine.emitMore();
            }
            assertThat(results)
                    .as("seed " + seed)
                    .isSortedAccordingTo((one, other) ->
                            Long.compare(one.window().end(), other.window().end()));
            assertThat(takeResults()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static List<String> sessions(String key, TreeSet<Long> times, Map<String, Integer> counts) {
        var sessions = new ArrayList<String>();
        long start = times.first();
        long last = start;
        long count = 0;
        for (long time : times) {
            if (time - last > 10) {
                sessions.add(key + " [" + start + ", " + (last + 10) + ") " + count);
                start = time;
                count = 0;
            }
            last = time;
            count += counts.get(key + " " + time);
        }
        sessions.add(key + " [" + start + ", " + (last + 10) + ") " + count);
        return sessions;
    }
}
