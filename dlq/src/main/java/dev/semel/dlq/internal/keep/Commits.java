package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import dev.semel.dlq.LetterState;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What goes into transactions about records that are kept, and what follows when one is committed. Guarded by the lock of its partition. */
final class Commits {

    private final Store store;
    private final Table table;
    private final Ends ends;
    private final Redrives redrives;
    private final Rewrites rewrites;
    private final Discards discards;
    private final Orders orders;
    private final Changes changes;
    private final Notes notes;
    private final Waiting waiting;
    private final HandingIn handingIn;
    private final Totals totals;
    private final Outcomes outcomes;
    private final InstantSource clock;

    Commits(
            Store store,
            Table table,
            Ends ends,
            Redrives redrives,
            Rewrites rewrites,
            Discards discards,
            Orders orders,
            Changes changes,
            Notes notes,
            Waiting waiting,
            HandingIn handingIn,
            Totals totals,
            Outcomes outcomes,
            InstantSource clock) {
        this.store = store;
        this.table = table;
        this.ends = ends;
        this.redrives = redrives;
        this.rewrites = rewrites;
        this.discards = discards;
        this.orders = orders;
        this.changes = changes;
        this.notes = notes;
        this.waiting = waiting;
        this.handingIn = handingIn;
        this.totals = totals;
        this.outcomes = outcomes;
        this.clock = clock;
    }

    /** A record's fate goes into the transaction. */
    void sent(Settlement settlement) {
        @Nullable Entry entry = table.get(settlement.offset());
        @Nullable Redelivery redelivery = settlement.redelivery();
        if (redelivery != null) {
            // Other participants hand in records as well.
            if (entry != null && entry.isHandedIn()) {
                changes.ofRecord(redelivery.isDiscarded() ? discards.ended(entry) : outcomes.ended(entry, settlement));
            }
        } else if (settlement.fate() == Fate.LETTERED || settlement.fate().isKept()) {
            if (entry == null || !entry.isCommitted()) {
                changes.ofRecord(outcomes.kept(entry == null ? waiting.unsettled(settlement) : entry, settlement));
            }
        }
    }

    /**
     * What is added to the transaction.
     *
     * @param offset which it commits for the partition
     */
    List<ProducerRecord<byte[], byte[]>> records(long offset) {
        return notes.with(changes.handOver(store, ends.toForget(clock.millis())), offset);
    }

    /**
     * All of that is committed.
     *
     * @return whether anything has changed by it
     */
    boolean confirmed() {
        List<Change> committed = changes.committed();
        committed.forEach(this::committed);
        ends.areForgotten();
        notes.committed();
        return !committed.isEmpty();
    }

    private void committed(Change change) {
        Entry entry = change.entry();
        KeptState state = change.to();
        if (state.state() == LetterState.REDRIVING) {
            handingIn.isMarked(entry);
            return;
        }
        boolean wasHandedIn = entry.phase() == Entry.Phase.HANDLING || entry.phase() == Entry.Phase.STARTING;
        totals.committed(change, wasHandedIn);
        if (change.isRewriting()) {
            rewrites.ended();
        }
        if (entry.phase() == Entry.Phase.DISCARDING) {
            discards.ended();
        }
        entry.becomes(Entry.Phase.IDLE);
        if (wasHandedIn) {
            redrives.ended();
        }
        entry.blocks(state.blocks());
        orders.ended(entry);
        if (state.state().isFinal()) {
            table.remove(entry);
            ends.add(entry.offset(), state);
        } else {
            ends.remove(entry.offset());
            if (state.dueMillis() > 0) {
                redrives.isDue(entry);
            }
        }
        redrives.mayBeOpen(entry.sequence());
    }
}
