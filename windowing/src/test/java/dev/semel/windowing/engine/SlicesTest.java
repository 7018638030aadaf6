package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Closing emits at most so many results a call. */
class SlicesTest {

    @Test
    @DisplayName("a window with many keys closes in slices, in the order of the keys' bytes, each key once")
    void slices() {
        int keys = Boolean.getBoolean("semel.test.long") ? 1_000_000 : 50_000;
        var results = new ArrayList<String>();
        var store = new HeapWindowStore<String, Long>(KeyBytes.utf8());
        var engine = Probe.tumbling(10).resultsPerCall(1_000).start(store, result -> results.add(result.key()), 0);
        for (int i = 0; i < keys; i++) {
            engine.process("s", "key " + i, 5, 1L, 0);
        }
        engine.process("s", "key", 10, 1L, 0);
        assertThat(results).hasSize(1_000);
        int calls = 1;
        while (engine.hasDue()) {
            int before = results.size();
            engine.tick(0);
            assertThat(results.size() - before).isLessThanOrEqualTo(1_000);
            calls++;
        }
        assertThat(calls).isEqualTo(keys / 1_000);
        assertThat(results).hasSize(keys).doesNotHaveDuplicates().isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(store.size()).isEqualTo(1);
        assertThat(engine.accounts().openWindows()).isEqualTo(1);
    }

    @Test
    @DisplayName("lateness does not wait for slices: a window is closed when the watermark says so")
    void latenessDoesNotWait() {
        var probe = Probe.of(Probe.tumbling(10).resultsPerCall(1));
        for (String key : List.of("a", "b", "c")) {
            probe.event("s", key, 5, 1);
        }
        probe.watermark(10);
        assertThat(probe.takeResults()).containsExactly("[0, 10) a 1");
        assertThat(probe.event("s", 6)).isEqualTo("L");
        probe.restart();
        assertThat(probe.event("s", 7)).isEqualTo("L");
        assertThat(probe.event("s", 11)).isEqualTo("P");
        assertThat(probe.takeResults()).containsExactly("[0, 10) b 1", "[0, 10) c 1");
        assertThat(probe.engine.accounts().closedContributions()).isEqualTo(3);
    }

    @Test
    @DisplayName("a crash between slices goes on with the first that was not committed")
    void crashBetweenSlices() {
        var probe = Probe.of(Probe.tumbling(10).resultsPerCall(2));
        for (String key : List.of("a", "b", "c", "d", "e")) {
            probe.event("s", key, 5, 1);
        }
        probe.event("s", "a", 15, 1);
        assertThat(probe.takeResults()).hasSize(2);
        var store = probe.store.copy();
        var control = probe.control.copy();
        probe.engine.emitMore();
        assertThat(probe.takeResults()).containsExactly("[0, 10) c 1", "[0, 10) d 1");
        var again = Probe.tumbling(10).start(store, control, control.stored(), probe.results::add, 0);
        assertThat(again.hasDue()).isTrue();
        again.emitMore();
        assertThat(probe.takeResults()).containsExactly("[0, 10) c 1", "[0, 10) d 1", "[0, 10) e 1");
        assertThat(again.hasDue()).isFalse();
    }

    @Test
    @DisplayName("windows close the oldest first, also those that close in one call")
    void oldestFirst() {
        var probe = Probe.ofTen().declare("a", "b");
        for (int window : new int[] {3, 0, 2, 1}) {
            probe.event("a", "z", window * 10, 1);
            probe.event("a", "y", window * 10, 1);
        }
        probe.event("a", 40);
        probe.event("b", 40);
        assertThat(probe.takeResults())
                .containsExactly(
                        "[0, 10) y 1",
                        "[0, 10) z 1",
                        "[10, 20) y 1",
                        "[10, 20) z 1",
                        "[20, 30) y 1",
                        "[20, 30) z 1",
                        "[30, 40) y 1",
                        "[30, 40) z 1");
    }

    @Test
    @DisplayName("the timestamp of a result is the largest event time in it")
    void timestamps() {
        var probe = Probe.ofTen().declare("s", "other");
        probe.events(3, 8, 5);
        probe.watermark(10);
        assertThat(probe.results).extracting(WindowResult::timestamp).containsExactly(8L);
    }
}
