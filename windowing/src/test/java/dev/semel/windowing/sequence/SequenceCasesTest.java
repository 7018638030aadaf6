package dev.semel.windowing.sequence;

import static dev.semel.windowing.sequence.SequenceProbe.fromOne;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.KeptControl;
import dev.semel.windowing.engine.SorterEngine;
import dev.semel.windowing.state.HeapSortStore;
import dev.semel.windowing.state.IncompatibleStateException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The resequencer's rules. One key, numbers from 1, a bound of ten seconds and three events, and EMIT, unless said otherwise. */
class SequenceCasesTest {

    private final SequenceProbe probe = SequenceProbe.of(fromOne(GapPolicy.EMIT));

    private static SequenceProbe dead() {
        return SequenceProbe.of(fromOne(GapPolicy.DEAD_LETTER));
    }

    private static SequenceProbe holding() {
        return SequenceProbe.of(fromOne(GapPolicy.HOLD));
    }

    @Test
    @DisplayName("resequencer 1: 1, 3, 4, 2 -> 1 at once, 2, 3, 4 when 2 comes")
    void anEarlyEventWaits() {
        assertThat(probe.events(1, 3, 4)).isEqualTo("TTT");
        assertThat(probe.taken()).containsExactly("1");
        assertThat(probe.events(2)).isEqualTo("T");
        assertThat(probe.taken()).containsExactly("2", "3", "4");
        assertThat(probe.engine.accounts().openGaps()).isZero();
    }

    @Test
    @DisplayName("resequencer 2: keys do not wait for each other")
    void keysAreApart() {
        probe.event("a", 2);
        probe.event("b", 1);
        probe.event("a", 1);
        assertThat(probe.taken()).containsExactly("b1", "a1", "a2");
    }

    @Test
    @DisplayName("resequencer 3: given a first number of 1, 0 and -5 are duplicates, also of a key never seen")
    void beforeTheFirstNumberThatIsGiven() {
        assertThat(probe.events(0, -5, 1)).isEqualTo("DDT");
        assertThat(probe.taken()).containsExactly("1");
    }

    @Test
    @DisplayName("resequencer 4: from the first seen: 7, 6, 8 -> 7, 8; 6 is a duplicate")
    void theFirstSeen() {
        var seen = SequenceProbe.of(fromOne(GapPolicy.EMIT).firstSeen());
        assertThat(seen.events(7, 6, 8)).isEqualTo("TDT");
        assertThat(seen.taken()).containsExactly("7", "8");
    }

    @Test
    @DisplayName("resequencer 5: one that has gone out, and one that waits, are duplicates when they come again")
    void duplicates() {
        assertThat(probe.events(1, 1, 3, 3, 2, 3)).isEqualTo("TDTWTD");
        assertThat(probe.taken()).containsExactly("1", "2", "3");
        assertThat(probe.engine.accounts().duplicates()).isEqualTo(3);
    }

    @Test
    @DisplayName("resequencer 6: null key -> R, and nothing moves")
    void nullKey() {
        assertThat(probe.event(null, 1)).isEqualTo("R");
        assertThat(probe.events(1)).isEqualTo("T");
        assertThat(probe.engine.accounts().rejected()).isEqualTo(1);
    }

    @Test
    @DisplayName("resequencer 7: numbers below zero are before those above")
    void negativeNumbers() {
        var below = SequenceProbe.of(fromOne(GapPolicy.EMIT).firstExpected(-2));
        below.events(1, 0, -1, -2);
        assertThat(below.taken()).containsExactly("-2", "-1", "0", "1");
    }

    @Test
    @DisplayName(
            "resequencer 8: after Long.MAX nothing follows: each number is a duplicate, and none is taken for its successor")
    void theGreatestNumber() {
        long greatest = Long.MAX_VALUE;
        var last = SequenceProbe.of(fromOne(GapPolicy.EMIT).firstExpected(greatest - 1));
        assertThat(last.events(greatest, greatest - 1)).isEqualTo("TT");
        assertThat(last.taken()).containsExactly(Long.toString(greatest - 1), Long.toString(greatest));
        assertThat(last.events(greatest, Long.MIN_VALUE, 0)).isEqualTo("DDD");
        last.restart();
        assertThat(last.events(greatest, Long.MIN_VALUE)).isEqualTo("DD");
    }

    @Test
    @DisplayName(
            "resequencer 9: a gap of all numbers there are is one gap; the count of those passed over stops at the end of the range")
    void aHugeGap() {
        var wide = SequenceProbe.of(fromOne(GapPolicy.EMIT).firstExpected(Long.MIN_VALUE));
        wide.events(Long.MAX_VALUE);
        wide.passes(10);
        assertThat(wide.taken()).containsExactly(Long.toString(Long.MAX_VALUE));
        assertThat(wide.engine.accounts().skipped()).isEqualTo(Long.MAX_VALUE);
        assertThat(wide.engine.accounts().endedByTime()).isEqualTo(1);
    }

    @Test
    @DisplayName("resequencer 10: a gap that closes just before its time is over ends nothing")
    void closedJustBeforeItsTime() {
        probe.events(2);
        probe.passes(9);
        assertThat(probe.taken()).isEmpty();
        probe.now += 999;
        assertThat(probe.events(1)).isEqualTo("T");
        assertThat(probe.taken()).containsExactly("1", "2");
        probe.passes(20);
        assertThat(probe.engine.accounts().endedByTime()).isZero();
    }

    @Test
    @DisplayName("resequencer 11: EMIT by time: what waits goes out, and the missing one is a duplicate afterwards")
    void emitByTime() {
        probe.events(2, 3);
        probe.passes(10);
        assertThat(probe.taken()).containsExactly("2", "3");
        assertThat(probe.events(1, 4)).isEqualTo("DT");
        assertThat(probe.taken()).containsExactly("4");
        assertThat(probe.engine.accounts().skipped()).isEqualTo(1);
    }

    @Test
    @DisplayName("resequencer 12: three may wait, and the missing one closes the gap in time; a fourth ends it")
    void byCount() {
        probe.events(2, 3, 4);
        assertThat(probe.taken()).isEmpty();
        probe.events(1);
        assertThat(probe.taken()).containsExactly("1", "2", "3", "4");
        probe.events(6, 7, 8, 9);
        assertThat(probe.taken()).containsExactly("6", "7", "8", "9");
        assertThat(probe.engine.accounts().endedByCount()).isEqualTo(1);
        assertThat(probe.events(5)).isEqualTo("D");
    }

    @Test
    @DisplayName("resequencer 13: EMIT ends one gap; what is behind the next waits for its own time, from when it came")
    void theNextGapHasItsOwnTime() {
        probe.events(2);
        probe.passes(4);
        probe.events(5);
        probe.passes(6);
        assertThat(probe.taken()).containsExactly("2");
        assertThat(probe.events(3))
                .as("the gap is narrower, and as old as before")
                .isEqualTo("T");
        probe.passes(3);
        assertThat(probe.taken()).containsExactly("3");
        probe.passes(1);
        assertThat(probe.taken()).containsExactly("5");
    }

    @Test
    @DisplayName("resequencer 14: an event that comes between the gap and what waits does not give the gap more time")
    void aNewFirstDoesNotProlong() {
        probe.events(5);
        probe.passes(9);
        probe.events(4);
        probe.passes(1);
        assertThat(probe.taken()).containsExactly("4", "5");
    }

    @Test
    @DisplayName(
            "resequencer 15: DEAD_LETTER by time: all that waits goes to the gaps, and the missing number is expected still")
    void deadLetterByTime() {
        var dead = dead();
        dead.events(1, 3, 5);
        dead.passes(10);
        assertThat(dead.taken()).containsExactly("1", "gap 2 TIME: 3", "gap 2 TIME: 5");
        assertThat(dead.events(4, 2, 3, 5))
                .as("sent again once the missing one is there")
                .isEqualTo("TTTT");
        assertThat(dead.taken()).containsExactly("2", "3", "4", "5");
    }

    @Test
    @DisplayName("resequencer 16: DEAD_LETTER by count: the event that is one too many goes with the others, in order")
    void deadLetterByCount() {
        var dead = dead();
        dead.events(4, 3, 5, 2);
        assertThat(dead.taken())
                .containsExactly("gap 1 COUNT: 2", "gap 1 COUNT: 3", "gap 1 COUNT: 4", "gap 1 COUNT: 5");
        assertThat(dead.engine.accounts().openGaps()).isZero();
        dead.events(6);
        dead.passes(10);
        assertThat(dead.taken()).as("the gap is the same").containsExactly("gap 1 TIME: 6");
    }

    @Test
    @DisplayName("resequencer 17: HOLD: whatever the bounds, they wait; the gap is overdue until it closes")
    void hold() {
        var holding = holding();
        holding.events(2, 3, 4, 5, 6);
        assertThat(holding.engine.accounts().overdueGaps()).as("by count").isEqualTo(1);
        holding.event("other", 2);
        holding.passes(100);
        assertThat(holding.engine.accounts().overdueGaps()).as("by time").isEqualTo(2);
        assertThat(holding.taken()).isEmpty();
        holding.restart();
        holding.events(1);
        assertThat(holding.taken()).containsExactly("1", "2", "3", "4", "5", "6");
        assertThat(holding.engine.accounts().overdueGaps()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "resequencer 18: a restart loses nothing of the time that a gap has been open, and adds nothing while nothing ran")
    void timeGoesOnAfterARestart() {
        probe.events(2);
        probe.passes(6);
        probe.now += Duration.ofHours(1).toMillis();
        probe.restart();
        probe.passes(3);
        assertThat(probe.taken()).isEmpty();
        probe.passes(1);
        assertThat(probe.taken()).containsExactly("2");
    }

    @Test
    @DisplayName(
            "resequencer 19: a thread that stood still for an hour ends no gap; the wall clock set back ends none later")
    void aStalledThread() {
        probe.events(2);
        probe.now += Duration.ofHours(1).toMillis();
        probe.engine.tick(probe.now);
        probe.passes(4);
        probe.now -= Duration.ofHours(3).toMillis();
        probe.engine.tick(probe.now);
        probe.passes(4);
        assertThat(probe.taken()).as("nine ticks").isEmpty();
        probe.passes(1);
        assertThat(probe.taken()).containsExactly("2");
    }

    @Test
    @DisplayName(
            "resequencer 20: at most n that waited go out in a call; what is left is in order, also after a restart, and is a duplicate")
    void slices() {
        var sliced = SequenceProbe.of(fromOne(GapPolicy.HOLD).resultsPerCall(2));
        sliced.events(2, 3, 4, 5, 6, 7, 8, 9);
        sliced.events(1);
        assertThat(sliced.taken()).containsExactly("1", "2", "3");
        sliced.restart();
        assertThat(sliced.events(4, 9, 2)).isEqualTo("WWD");
        assertThat(sliced.taken())
                .as("each call hands on two, but for the one that finds them")
                .hasSizeBetween(3, 6);
        sliced.events(10);
        sliced.drain();
        assertThat(sliced.engine.accounts().released()).isEqualTo(10);
        assertThat(sliced.engine.accounts().waiting()).isZero();
        assertThat(sliced.engine.accounts().openGaps()).isZero();
    }

    @Test
    @DisplayName("resequencer 21: a gap that was held ends when the settings say EMIT")
    void fromHoldToEmit() {
        var holding = SequenceProbe.of(SequenceEngine.builder().firstExpected(1).onGap(GapPolicy.HOLD));
        holding.events(2);
        holding.event("other", 3);
        holding.passes(100);
        holding.restart(fromOne(GapPolicy.EMIT));
        holding.passes(1);
        assertThat(holding.taken()).containsExactlyInAnyOrder("2", "other3");
    }

    @Test
    @DisplayName("resequencer 22: many gaps that are over at one time go out in slices")
    void manyGapsAtOnce() {
        var sliced = SequenceProbe.of(fromOne(GapPolicy.EMIT).resultsPerCall(10));
        for (int key = 0; key < 100; key++) {
            sliced.event("key" + key, 2);
        }
        sliced.passes(10);
        assertThat(sliced.taken()).hasSizeBetween(1, 10);
        assertThat(sliced.engine.hasDue()).isTrue();
        sliced.drain();
        assertThat(sliced.engine.accounts().released()).isEqualTo(100);
        assertThat(sliced.engine.accounts().endedByTime()).isEqualTo(100);
    }

    @Test
    @DisplayName("resequencer 23: the state of a sorter is refused, and a sorter refuses this one's")
    void stateOfAnotherKind() {
        var sorters = new KeptControl();
        SorterEngine.builder().start(new HeapSortStore<String>(String::length), sorters, List.of(), (t, e) -> {}, 0);
        assertThatThrownBy(() -> fromOne(GapPolicy.EMIT)
                        .start(new HeapSequenceStore<>(), new KeptControl(), sorters.stored(), probe, 0))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("a sorter by event time")
                .hasMessageContaining("a resequencer");
        probe.events(1);
        assertThatThrownBy(() -> SorterEngine.builder()
                        .start(
                                new HeapSortStore<String>(String::length),
                                new KeptControl(),
                                probe.control.stored().subList(0, 1),
                                (t, e) -> {},
                                0))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("a resequencer");
    }

    @Test
    @DisplayName("resequencer 24: settings that are missing or do not fit are named when it starts")
    void settings() {
        var store = new HeapSequenceStore<String, String>();
        assertThatThrownBy(() -> SequenceEngine.builder().onGap(GapPolicy.HOLD).start(store, probe, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("firstExpected(number) or firstSeen()");
        assertThatThrownBy(() -> SequenceEngine.builder().firstSeen().start(store, probe, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("onGap(EMIT)");
        assertThatThrownBy(() -> SequenceEngine.builder()
                        .firstSeen()
                        .onGap(GapPolicy.EMIT)
                        .start(store, probe, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gapBound(time, count)");
        assertThatThrownBy(() -> fromOne(GapPolicy.EMIT)
                        .gapBound(Duration.ofMillis(999), 3)
                        .start(store, probe, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("999 ms");
        assertThatThrownBy(() -> SequenceEngine.builder().gapBound(Duration.ofSeconds(1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is 0");
    }
}
