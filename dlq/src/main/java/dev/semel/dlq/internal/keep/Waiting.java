package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which records wait, and for what, as lanes see it: by what was settled on them, whether that is committed or not. Guarded by the lock of
 * its partition.
 */
final class Waiting {

    private static final Logger log = LoggerFactory.getLogger(Waiting.class);

    /** Its group was set back, perhaps: it is not to be handled, or lettered, beside what was kept of it. */
    private static final Verdict KEPT_ALREADY = new Verdict.Park("itself: it is kept already");

    private final Table table;
    private final Sequencing sequencing;
    private final Store store;
    private final int capacity;
    private boolean isFull;

    /** @param capacity how many records are kept at most, beside those that are in flight then */
    Waiting(Table table, Sequencing sequencing, Store store, int capacity) {
        this.table = table;
        this.sequencing = sequencing;
        this.store = store;
        this.capacity = capacity;
    }

    /** @param settledWith offsets of records that come to the same end as this one */
    Verdict judge(Subject subject, Set<Long> settledWith) {
        if (table.size() == 0 || isDiscarded(subject)) {
            return Verdict.PROCEED;
        }
        long offset = subject.position().offset();
        if (subject.redelivery() == null && table.get(offset) != null) {
            return KEPT_ALREADY;
        }
        @Nullable Entry blocker = blocker(subject, settledWith);
        return blocker == null ? Verdict.PROCEED : new Verdict.Park(store.id(blocker.offset()));
    }

    private static boolean isDiscarded(Subject subject) {
        @Nullable Redelivery redelivery = subject.redelivery();
        return redelivery != null && redelivery.isDiscarded();
    }

    private @Nullable Entry blocker(Subject subject, Set<Long> settledWith) {
        return table.blocker(sequence(subject.key()), subject.position().offset(), settledWith);
    }

    private @Nullable Sequence sequence(byte @Nullable [] key) {
        return sequencing.of(Sequence.ofKey(key));
    }

    Verdict giveUp(Subject subject, Fate as) {
        if (as == Fate.SKIPPED || as == Fate.WAITING || isDiscarded(subject)) {
            return Verdict.PROCEED;
        }
        @Nullable Entry kept = subject.redelivery() == null ? table.get(subject.position().offset()) : null;
        if (kept != null && kept.isCommitted()) {
            return KEPT_ALREADY;
        }
        @Nullable Entry blocker = as == Fate.LETTERED ? blocker(subject, Set.of()) : null;
        if (blocker != null) {
            // Not judged before: it could not be read, or the process has died of it.
            return new Verdict.Park(store.id(blocker.offset()));
        }
        return Verdict.PROCEED;
    }

    void settled(Subject subject, Fate fate) {
        long offset = subject.position().offset();
        @Nullable Entry entry = table.get(offset);
        boolean isOurs = subject.redelivery() == null
                ? entry == null || !entry.isCommitted()
                : entry != null && entry.isHandedIn();
        if (!isOurs) {
            return;
        }
        boolean blocks = fate == Fate.LETTERED || fate == Fate.WAITING;
        if (entry != null) {
            if (subject.redelivery() == null && !blocks && fate != Fate.DEFERRED) {
                table.remove(entry);
            } else {
                entry.blocks(blocks);
            }
        } else if (blocks || fate == Fate.DEFERRED) {
            table.add(new Entry(offset, sequence(subject.key()), blocks));
        }
    }

    /** It was settled when its partition was being given up already, and is committed all the same. */
    Entry unsettled(Settlement settlement) {
        byte @Nullable [] key =
                Objects.requireNonNull(settlement.record(), "record").key();
        var entry = new Entry(settlement.offset(), sequence(key), settlement.fate() != Fate.DEFERRED);
        table.add(entry);
        return entry;
    }

    /** Somebody else has committed past them: what was settled here has no effect. */
    void forgetUpTo(long committedOffset) {
        List<Entry> forgotten = table.all().stream()
                .takeWhile(entry -> entry.offset() < committedOffset)
                .filter(entry -> !entry.isCommitted())
                .toList();
        forgotten.forEach(table::remove);
    }

    /** What is in flight still comes, since a lane on which it waited could not redrive what is kept of its sequence. */
    boolean isFull() {
        boolean now = table.size() >= capacity;
        if (now != isFull) {
            isFull = now;
            if (now) {
                log.error(
                        "{} keeps {} letters and records behind them, and {} is its capacity: it is not read on until"
                                + " some are redriven or discarded. The most frequent: {}",
                        store.source(),
                        table.size(),
                        capacity,
                        Counts.of(table.all()));
            }
        }
        return now;
    }
}
