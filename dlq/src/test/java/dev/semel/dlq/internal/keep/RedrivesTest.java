package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Settlement;
import dev.semel.dlq.LetterState;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RedrivesTest {

    private final Kept kept = new Kept();
    private final Redrives redrives = kept.redrives;

    @Test
    void whatIsToBeHandedInAloneIsNotPassedByAllThatComesLater() {
        Entry first = kept.add(1, Kept.KEY, Kept.letter());
        Entry suspicious = kept.add(2, Kept.ANOTHER, Kept.letter().redriving(2, 1));
        redrives.want(first);
        redrives.want(suspicious);
        assertThat(redrives.next(1)).containsExactly(first);
        for (long offset = 10; offset < 20; offset++) {
            kept.add(offset, new Sequence(3, offset), Kept.waiting());
            redrives.mayBeOpen(new Sequence(3, offset));
            assertThat(redrives.next(1)).as("while one waits to be alone").isEmpty();
        }
        redrives.ended();
        assertThat(redrives.next(1)).containsExactly(suspicious);
        redrives.ended();
        assertThat(redrives.next(1)).hasSize(10);
    }

    @Test
    void recordsTooLargeForTheStoreAreNotReadTogetherByTheHundred() {
        var outcomes = new Outcomes(Kept.SETTINGS, () -> Instant.ofEpochMilli(1));
        var changes = new Changes();
        for (long offset = 0; offset < 300; offset++) {
            var entry = new Entry(offset, null, false);
            kept.table.add(entry);
            var waits = new Settlement(offset, Fate.WAITING, null, Kept.record(offset), null, null, null);
            changes.ofRecord(outcomes.kept(entry, waits));
            changes.handOver(Kept.STORE, List.of());
            changes.committed();
            assertThat(entry.state().hasRecord()).isFalse();
            redrives.want(entry);
        }
        assertThat(redrives.next(1)).hasSizeBetween(1, 20);
    }

    /** Nothing else ties the two: they are of different sequences, and may be in different transactions. */
    @Test
    void whatIsBehindALetterWithoutAKeyWaitsUntilItsEndIsCommitted() {
        Entry keyless = kept.add(1, Sequence.KEYLESS, Kept.letter().redriving(1, 1));
        keyless.becomes(Entry.Phase.HANDLING);
        Entry waiting = kept.add(2, Kept.KEY, Kept.waiting());
        Entry wanted = kept.add(3, Kept.ANOTHER, Kept.letter());
        redrives.want(wanted);
        // Handled on its lane; not committed.
        keyless.blocks(false);
        redrives.mayBeOpen(Kept.KEY);
        assertThat(redrives.next(1)).isEmpty();
        assertThat(kept.table.blocker(Kept.KEY, 4, Set.of()))
                .as("a record of the source")
                .isNotNull();
        kept.table.remove(keyless);
        redrives.mayBeOpen(Sequence.KEYLESS);
        assertThat(redrives.next(1)).containsExactly(waiting, wanted);
    }

    @Test
    void whatIsDueIsHandedInWhenNothingIsBeforeItAnyMore() {
        Entry letter = kept.add(1, Kept.KEY, Kept.letter());
        Entry deferred = kept.add(2, Kept.KEY, Kept.deferred(500));
        Entry automatic = kept.add(3, Kept.KEY, Kept.letter().dueAt(500));
        redrives.isDue(deferred);
        redrives.isDue(automatic);
        redrives.mayBeOpen(Kept.KEY);
        assertThat(redrives.next(600)).as("behind a letter").isEmpty();
        letter.isNow(letter.state().become(LetterState.RESOLVED, 600, null));
        letter.blocks(false);
        kept.table.remove(letter);
        redrives.mayBeOpen(Kept.KEY);
        assertThat(redrives.next(499)).as("too early").isEmpty();
        redrives.mayBeOpen(Kept.KEY);
        assertThat(redrives.next(600)).containsExactly(deferred, automatic);
    }
}
