package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.ProcessDiedException;
import dev.semel.dlq.LetterState;
import java.time.InstantSource;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of what was read from the store what an owner goes on with. Used once, under the lock of its partition.
 *
 * <h2>What was being handed in</h2>
 *
 * <p>It is handed in again by itself. The first two times a process ended over it say little, since whatever was handed in beside it is
 * as suspect; from then on it is handed in alone. A letter that ends the process even so stays open, as one of that failure class; of
 * what is no letter yet, the processor is told how many attempts ended so, and decides.
 */
final class Restoration {

    private static final Logger log = LoggerFactory.getLogger(Restoration.class);

    private static final int MOST_STARTS = Redrives.UNSUSPICIOUS_STARTS + 1;

    private final Sequencing sequencing;
    private final KeptSettings settings;
    private final Store store;
    private final InstantSource clock;
    private final Table table;
    private final Redrives redrives;
    private final Ends ends;
    private final Changes changes;

    Restoration(
            Sequencing sequencing,
            KeptSettings settings,
            Store store,
            InstantSource clock,
            Table table,
            Redrives redrives,
            Ends ends,
            Changes changes) {
        this.sequencing = sequencing;
        this.settings = settings;
        this.store = store;
        this.clock = clock;
        this.table = table;
        this.redrives = redrives;
        this.ends = ends;
        this.changes = changes;
    }

    /** How many attempts at it ended with the process, of those that were made at it alone. */
    static int deaths(KeptState state) {
        return Math.max(0, state.starts() - MOST_STARTS);
    }

    void take(NavigableMap<Long, StoreRestore.Restored> letters) {
        letters.forEach((offset, letter) -> {
            @Nullable KeptState state = letter.state;
            if (state == null) {
                log.error("The bytes of offset {} are kept without a state, and passed over", store.id(offset));
            } else if (!state.state().isFinal()) {
                take(offset, letter, state);
            }
        });
        letters.entrySet().stream()
                .filter(entry -> entry.getValue().state != null
                        && Objects.requireNonNull(entry.getValue().state)
                                .state()
                                .isFinal())
                .sorted((one, other) -> Long.compare(changed(one.getValue()), changed(other.getValue())))
                .forEach(entry -> ends.add(entry.getKey(), Objects.requireNonNull(entry.getValue().state)));
        table.sequences().forEach(redrives::mayBeOpen);
    }

    private static long changed(StoreRestore.Restored letter) {
        return Objects.requireNonNull(letter.state).changedMillis();
    }

    private void take(long offset, StoreRestore.Restored letter, KeptState state) {
        var entry = new Entry(offset, sequencing.of(state.ofKey()), state.blocks());
        entry.isNow(state);
        entry.isAt(letter.position, letter.bytes);
        table.add(entry);
        if (state.state() == LetterState.REDRIVING) {
            goOn(entry, state);
        } else if (state.dueMillis() > 0) {
            redrives.isDue(entry);
        } else if (state.state() == LetterState.OPEN && isForNewReader(state)) {
            redrives.isForNewReader(entry);
        }
    }

    /** The reader may have been upgraded since: only trying tells. */
    private boolean isForNewReader(KeptState state) {
        @Nullable Fault fault = state.fault();
        return fault != null && settings.isForNewReader(fault);
    }

    private void goOn(Entry entry, KeptState state) {
        if (state.starts() < MOST_STARTS || !state.isLetter()) {
            redrives.want(entry);
            return;
        }
        String why = "the process ended, or lost its partition, during each of " + state.starts() + " redrives of it";
        log.error("Letter {} stays open: {}", store.id(entry.offset()), why);
        var died = new Fault(
                FailureClass.PROCESS_DIED.name(),
                FailureClass.PROCESS_DIED.name(),
                ProcessDiedException.class.getName());
        long now = clock.millis();
        entry.becomes(Entry.Phase.CHANGING);
        changes.own(new Change(entry, state.become(LetterState.OPEN, now, why).failed(died, now, true), null));
    }
}
