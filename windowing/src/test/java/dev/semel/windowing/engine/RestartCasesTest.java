package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cases 39 to 43: what was kept is all that is left, and it is enough. */
class RestartCasesTest {

    @Test
    @DisplayName("case 39: what was late before a crash is late after it")
    void lateAfterACrash() {
        var probe = Probe.ofTen();
        probe.events(5, 10);
        probe.restart();
        assertThat(probe.events(9, 11)).isEqualTo("LP");
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1");
        probe.assertCounts(3, 1, 0);
    }

    @Test
    @DisplayName(
            "case 40: after an abort, state and counters are those of the last commit, and totals come out the same")
    void abort() {
        var probe = Probe.ofTen();
        probe.events(5, 7);
        var store = probe.store.copy();
        var control = probe.control.copy();
        probe.events(8, 12);
        probe.results.clear();
        var again = Probe.tumbling(10).start(store, control, control.stored(), probe.results::add, 0);
        for (long timestamp : new long[] {8, 12, 9}) {
            again.process(Probe.SOURCE, Probe.KEY, timestamp, 1L, 0);
        }
        assertThat(probe.takeResults()).containsExactly("[0, 10) 3");
        assertThat(again.accounts().processed()).isEqualTo(4);
        assertThat(again.accounts().late()).isEqualTo(1);
    }

    @Test
    @DisplayName("case 41: a result that was not committed with the close comes again, and only then")
    void crashBetweenResultAndCommit() {
        var probe = Probe.ofTen();
        probe.events(5);
        var store = probe.store.copy();
        var control = probe.control.copy();
        probe.events(10);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1");
        probe.restart();
        probe.events(20);
        assertThat(probe.takeResults()).as("committed: not again").containsExactly("[10, 20) 1");
        var aborted = Probe.tumbling(10).start(store, control, control.stored(), probe.results::add, 0);
        aborted.process(Probe.SOURCE, Probe.KEY, 10, 1L, 0);
        assertThat(probe.takeResults()).as("aborted: again").containsExactly("[0, 10) 1");
    }

    @Test
    @DisplayName("case 42: a closed window never opens again, not even where the lateness is raised")
    void closedForGood() {
        var probe = Probe.ofTen();
        probe.events(5, 10);
        probe.restart(Probe.tumbling(10).allowedLateness(Duration.ofMillis(1_000)));
        assertThat(probe.events(9, 11)).isEqualTo("LP");
        probe.events(500);
        assertThat(probe.events(12))
                .as("the new lateness holds for what was open")
                .isEqualTo("P");
    }

    @Test
    @DisplayName("a lateness that is lowered closes what was open by the old one")
    void loweredLateness() {
        var probe = Probe.of(Probe.tumbling(10).allowedLateness(Duration.ofMillis(1_000)));
        probe.events(5, 30);
        probe.restart(Probe.tumbling(10));
        assertThat(probe.engine.hasDue()).isTrue();
        probe.events(31);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1");
        assertThat(probe.events(6)).isEqualTo("L");
    }

    @Test
    @DisplayName("case 43: another size, offset or kind of windows on old state is refused")
    void otherWindows() {
        var probe = Probe.ofTen();
        probe.events(5);
        for (WindowAssigner windows : List.of(
                WindowAssigner.tumbling(Duration.ofMillis(20)),
                WindowAssigner.tumbling(Duration.ofMillis(10), Duration.ofMillis(3)),
                WindowAssigner.hopping(Duration.ofMillis(10), Duration.ofMillis(5)))) {
            assertThatThrownBy(() -> probe.restart(WindowEngine.of(windows, Probe.COUNT)))
                    .isInstanceOf(IncompatibleStateException.class)
                    .hasMessageContaining("PT0.01S")
                    .hasMessageContaining("another name");
        }
        probe.restart();
        assertThat(probe.events(6)).isEqualTo("P");
    }

    @Test
    @DisplayName(
            "case 43: an offset of -2 and one of 8 of ten are the same windows, in whichever way they have been stored")
    void sameOffset() {
        var negative =
                WindowEngine.of(WindowAssigner.tumbling(Duration.ofMillis(10), Duration.ofMillis(-2)), Probe.COUNT);
        var positive =
                WindowEngine.of(WindowAssigner.tumbling(Duration.ofMillis(10), Duration.ofMillis(8)), Probe.COUNT);
        var probe = Probe.of(negative);
        probe.events(5);
        probe.restart(positive);
        probe.restart(negative);
        probe.control.entries.put(
                new byte[] {'F'},
                new ValueWriter(1)
                        .text("tumbling windows of PT0.01S, offset by PT-0.002S")
                        .bytes());
        probe.restart(positive);
        assertThat(probe.events(6)).isEqualTo("P");
        probe.events(8);
        assertThat(probe.takeResults()).containsExactly("[-2, 8) 2");
    }

    @Test
    @DisplayName(
            "discarding panes on the state of others, and others on theirs, are refused: accumulators are not the same")
    void otherAccumulators() {
        var discarding = Probe.tumbling(100)
                .emission(Emission.inPanes().withEarly(Duration.ofMillis(30)).discarding());
        var probe = Probe.of(discarding);
        probe.events(5, 10, 30);
        assertThat(probe.takeResults()).containsExactly("[0, 100) 3 EARLY 0");
        probe.events(40);
        for (Emission emission : List.of(Emission.onClose(), Emission.inPanes())) {
            assertThatThrownBy(() -> probe.restart(Probe.tumbling(100).emission(emission)))
                    .isInstanceOf(IncompatibleStateException.class)
                    .hasMessageContaining("with discarding panes");
            var other = Probe.of(Probe.tumbling(100).emission(emission));
            other.events(5);
            assertThatThrownBy(() -> other.restart(discarding)).isInstanceOf(IncompatibleStateException.class);
        }
        probe.restart();
        probe.events(100);
        assertThat(probe.takeResults()).containsExactly("[0, 100) 1 ON_TIME 1");
    }

    @Test
    @DisplayName("from panes to finals: a window that has had panes has a final of all that was folded, too")
    void fromPanesToFinals() {
        var settings = Probe.tumbling(100).allowedLateness(Duration.ofMillis(50));
        var probe = Probe.of(settings.emission(Emission.inPanes()));
        probe.events(5, 110);
        assertThat(probe.takeResults()).containsExactly("[0, 100) 1 ON_TIME 0");
        probe.restart(settings.emission(Emission.onClose()));
        probe.events(7, 150);
        assertThat(probe.takeResults()).containsExactly("[0, 100) 2");
    }

    @Test
    @DisplayName(
            "from finals to panes: a window that is open beyond its end has its pane on time then, with all that was folded")
    void fromFinalsToPanes() {
        var settings = Probe.tumbling(100).allowedLateness(Duration.ofMillis(50));
        var probe = Probe.of(settings.emission(Emission.onClose()));
        probe.events(5, 110);
        probe.restart(settings.emission(Emission.inPanes()));
        probe.events(7);
        assertThat(probe.takeResults()).containsExactly("[0, 100) 1 ON_TIME 0", "[0, 100) 2 LATE 1");
        probe.events(150);
        assertThat(probe.takeResults()).as("closing is silent").isEmpty();
        assertThat(probe.engine.accounts().openEntries()).isEqualTo(1);
    }

    /** A store of bytes has keys in an order of its own, in which what is foreign may come first. */
    @Test
    @DisplayName("case 43: state of other windows is named as such, whatever of it is read first")
    void otherWindowsAreNamedBeforeWhatTheyHave() {
        var probe = Probe.ofTen();
        probe.events(5);
        probe.control.entries.put(new byte[] {'A'}, new byte[] {9});
        for (boolean isReversed : new boolean[] {false, true}) {
            var stored = new ArrayList<>(probe.control.stored());
            if (isReversed) {
                Collections.reverse(stored);
            }
            assertThatThrownBy(() -> Probe.tumbling(20).start(probe.store, probe.control, stored, result -> {}, 0))
                    .isInstanceOf(IncompatibleStateException.class)
                    .hasMessageContaining("tumbling windows of PT0.01S");
        }
    }

    @Test
    @DisplayName("a store that has not what is open, or has what nobody knows of, is refused")
    void onlyAPartOfTheState() {
        var probe = Probe.ofTen();
        probe.events(5);
        assertThatThrownBy(() -> Probe.tumbling(10)
                        .start(new ByteWindowStore(), probe.control, probe.control.stored(), result -> {}, 0))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("1 entries are open")
                .hasMessageContaining("give it back its name");
        assertThatThrownBy(() -> Probe.tumbling(10).start(probe.store, new KeptControl(), List.of(), result -> {}, 0))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("has some");
        probe.watermark(10);
        assertThat(probe.takeResults()).containsExactly("[0, 10) 1");
        var empty = new ByteWindowStore();
        var control = probe.control.copy();
        var engine = Probe.tumbling(10).start(empty, control, control.stored(), probe.results::add, 0);
        engine.process(Probe.SOURCE, Probe.KEY, 11, 1L, 0);
        assertThat(engine.accounts().openEntries()).as("nothing was open").isEqualTo(1);
    }

    @Test
    @DisplayName("state of a newer release, of unknown entries and without fingerprint is refused")
    void unreadableState() {
        var probe = Probe.ofTen();
        probe.events(5);
        refused(probe, new byte[] {'C'}, new byte[] {2, 0});
        refused(probe, new byte[] {'C'}, new byte[] {1, 0});
        refused(probe, new byte[] {'C'}, new byte[0]);
        refused(probe, new byte[] {'Z'}, new byte[] {1});
        refused(probe, new byte[0], new byte[] {1});
        probe.control.entries.remove(new byte[] {'F'});
        assertThatThrownBy(probe::restart)
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("which windows");
    }

    /** Each is written under the version that this release writes, by one that counts or knows something more. */
    @Test
    @DisplayName(
            "what a newer release counts or knows, and this one does not, is refused, where it is restored and where it is shown")
    void whatOnlyANewerReleaseKnows() {
        var probe = Probe.ofTen();
        probe.events(5);
        int reasons = Rejection.values().length;
        int kinds = ResultKind.values().length;
        refused(probe, new byte[] {'C'}, clock(reasons + 1, kinds));
        refused(probe, new byte[] {'C'}, clock(reasons, kinds + 1));
        refused(probe, new byte[] {'C'}, clock(-1, kinds));
        refused(probe, new byte[] {'S', 3, 'a'}, new byte[] {1});
        refused(probe, new byte[] {'S'}, new byte[] {1});
        refused(probe, new byte[] {'W', 1}, new byte[] {1});
        refused(probe, new byte[] {'P'}, new ValueWriter(1).number(kinds).bytes());
        assertThatThrownBy(() -> StoredProgress.of(List.of(new StoredControl(new byte[0], new byte[] {1}))))
                .isInstanceOf(IncompatibleStateException.class);
        assertThatThrownBy(() ->
                        StoredProgress.of(List.of(new StoredControl(new byte[] {'C'}, clock(reasons + 1, kinds)))))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("a newer one");
        var control = probe.control.copy();
        control.entries.put(new byte[] {'C'}, clock(reasons, kinds));
        assertThat(StoredProgress.of(control.stored()).openEnds()).containsExactly(10L);
    }

    private static byte[] clock(int reasons, int kinds) {
        var out = new ValueWriter(2);
        new SourceWatermarks(Probe.ordered(), SourceKind.ID, InputLag.none(), ControlState.none(), 0).write(out);
        for (int i = 0; i < 11; i++) {
            out.number(0);
        }
        for (int counts : new int[] {reasons, kinds}) {
            out.number(counts);
            for (int i = 0; i < counts; i++) {
                out.number(0);
            }
        }
        return out.bytes();
    }

    private static void refused(Probe probe, byte[] key, byte[] value) {
        var control = probe.control.copy();
        control.entries.put(key, value);
        assertThatThrownBy(() ->
                        Probe.tumbling(10).start(probe.store.copy(), control, control.stored(), probe.results::add, 0))
                .isInstanceOf(IncompatibleStateException.class);
    }

    @Test
    @DisplayName("a record writes two entries of control state, its source's and the clock's")
    void fewEntries() {
        var probe = Probe.ofTen();
        for (int i = 0; i < 100; i++) {
            probe.event("source " + i, 5);
        }
        long before = probe.control.puts;
        probe.event("source 7", 6);
        assertThat(probe.control.puts - before).isEqualTo(2);
    }
}
