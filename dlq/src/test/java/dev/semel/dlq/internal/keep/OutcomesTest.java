package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomesTest {

    private final Kept kept = new Kept();
    private final Outcomes outcomes = new Outcomes(Kept.SETTINGS, () -> Instant.ofEpochMilli(1000));

    private KeptState ended(Entry entry, Fate fate) {
        var redelivery = new Redelivery(Kept.record(entry.offset()), 0, 1, true);
        return outcomes.ended(
                        entry,
                        new Settlement(
                                entry.offset(),
                                fate,
                                null,
                                fate.isKept() ? Kept.record(entry.offset()) : null,
                                null,
                                null,
                                redelivery))
                .to();
    }

    @Test
    void whatWasNotItsTurnWhenItWasDueIsStillDue() {
        Entry deferred = kept.add(2, Kept.KEY, Kept.deferred(500));
        Entry automatic = kept.add(3, Kept.KEY, Kept.letter().dueAt(500));
        for (Entry entry : List.of(deferred, automatic)) {
            KeptState before = entry.state();
            entry.isNow(before.redriving(1, 900));
            KeptState after = ended(entry, Fate.WAITING);
            assertThat(after.state()).isEqualTo(before.state());
            assertThat(after.dueMillis()).isEqualTo(500);
        }
    }

    @Test
    void whoAskedOnceIsNotToldToHaveDoneWhatThePartitionDoesByItselfLater() {
        Entry entry = kept.add(1, Kept.KEY, Kept.letter().by("ann", "her command"));
        entry.isNow(entry.state().redriving(1, 900));
        assertThat(ended(entry, Fate.HANDLED).actor()).isNull();
        assertThat(ended(entry, Fate.HANDLED).commandId()).isNull();
    }

    /** The next owner goes on with it. */
    @Test
    void whatWasBegunForSomebodyEndsAsTheirs() {
        Entry entry = kept.add(1, Kept.KEY, Kept.letter().redriving(1, 900).by("ann", "her command"));
        entry.isNow(entry.state().redriving(2, 950));
        assertThat(ended(entry, Fate.HANDLED).actor()).isEqualTo("ann");
        assertThat(ended(entry, Fate.HANDLED).commandId()).isEqualTo("her command");
    }
}
