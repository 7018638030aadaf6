package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Redelivery;
import dev.semel.dlq.LetterState;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands records in again that are kept: first it is committed that they are, and their bytes are read. Guarded by the lock of its
 * partition.
 */
final class HandingIn {

    private static final Logger log = LoggerFactory.getLogger(HandingIn.class);

    private final Store store;
    private final Table table;
    private final Redrives redrives;
    private final Rewrites rewrites;
    private final Discards discards;
    private final Orders orders;
    private final Changes changes;
    private final InstantSource clock;
    private final Reading reading;
    private @Nullable Chunk chunk;

    /** Takes what was read of letters; called under the lock of their partition. */
    interface Found {
        void read(List<Entry> entries, KeptRecords.Found found);
    }

    /** Reads the bytes of letters, and takes its time. */
    interface Reading {
        /** @param alsoInSource whether those are read as well that are not in the store */
        void read(List<Entry> entries, boolean alsoInSource, Found then);
    }

    HandingIn(
            Store store,
            Table table,
            Redrives redrives,
            Rewrites rewrites,
            Discards discards,
            Orders orders,
            Changes changes,
            InstantSource clock,
            Reading reading) {
        this.store = store;
        this.table = table;
        this.redrives = redrives;
        this.rewrites = rewrites;
        this.discards = discards;
        this.orders = orders;
        this.changes = changes;
        this.clock = clock;
        this.reading = reading;
    }

    /** So many at most. */
    List<Redelivery> next(int room) {
        read(rewrites.next(), false, rewrites::read);
        read(discards.next(), true, discards::read);
        var handedIn = new ArrayList<>(discards.handIn(room));
        @Nullable Chunk current = chunk;
        while (current != null && handedIn.size() < room) {
            @Nullable Entry next = current.next();
            if (next == null) {
                break;
            }
            next.becomes(Entry.Phase.HANDLING);
            KeptState state = next.state();
            handedIn.add(new Redelivery(
                    current.record(next), Restoration.deaths(state), state.deferrals(), state.isLetter()));
        }
        if (current == null || current.isEmpty()) {
            chunk = begin(redrives.next(clock.millis()));
        }
        return handedIn;
    }

    private void read(List<Entry> entries, boolean alsoInSource, Found then) {
        if (!entries.isEmpty()) {
            reading.read(entries, alsoInSource, then);
        }
    }

    /** It is written that these are handed in, and read what they are. */
    private @Nullable Chunk begin(List<Entry> entries) {
        if (entries.isEmpty()) {
            return null;
        }
        long now = clock.millis();
        for (Entry entry : entries) {
            entry.becomes(Entry.Phase.STARTING);
            KeptState state = entry.state();
            changes.own(new Change(entry, orders.asked(entry, state.redriving(state.starts() + 1, now)), null));
        }
        var begun = new Chunk(entries);
        read(entries, true, (all, found) -> {
            begun.isRead(found.records());
            lose(begun, found);
        });
        return begun;
    }

    /** What is not there any more is told, and stays known. */
    private void lose(Chunk begun, KeptRecords.Found found) {
        if (found.lost().isEmpty()) {
            return;
        }
        Set<Entry> lost = new HashSet<>();
        for (Entry entry : begun.entries()) {
            @Nullable String why = found.lost().get(entry.offset());
            if (why != null) {
                lost.add(entry);
                log.error("Letter {} is lost: {}", store.id(entry.offset()), why);
                changes.takeBack(entry);
                long now = clock.millis();
                KeptState redriving = orders.asked(entry, entry.state().redriving(0, now));
                changes.own(new Change(entry, redriving.become(LetterState.QUARANTINED, now, why), null));
            }
        }
        begun.without(lost);
    }

    /** That this one is handed in is committed. */
    void isMarked(Entry entry) {
        if (chunk != null) {
            chunk.isMarked(entry);
        }
    }

    /** Nothing is handed in any more: of what was, the process does not die. */
    void end() {
        for (Entry entry : table.all()) {
            if (entry.phase() == Entry.Phase.STARTING || entry.phase() == Entry.Phase.HANDLING) {
                changes.takeBack(entry);
                changes.own(new Change(entry, orders.asked(entry, entry.state().redriving(0, clock.millis())), null));
            }
        }
    }
}
