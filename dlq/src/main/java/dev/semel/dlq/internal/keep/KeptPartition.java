package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.LetterStatus;
import dev.semel.dlq.internal.command.CommandTopics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One assignment of a source partition: keeps its letters and what waits behind them, and hands them in again.
 *
 * <h2>When what is true</h2>
 *
 * <p>Lanes go by what was settled on them, so that the record behind a letter waits although the letter is not committed yet; what was
 * settled stays settled through aborted transactions, since outcomes are kept and sent again. What is handed in goes by what is
 * committed only: a record is handed in after the transaction that says so, and what waits behind a letter after the transaction that
 * resolves it. Where the process ends in between, the next owner finds in the store what it has to do.
 *
 * <p>Lock order: this lock is taken by every thread, held for short, and none other is taken under it.
 */
final class KeptPartition implements PartitionParticipant {

    private static final Logger log = LoggerFactory.getLogger(KeptPartition.class);

    private final Participation processor;
    private final KeptSettings settings;
    private final Sequencing sequencing;
    private final Store store;
    private final KeptRecords reader;
    private final Totals totals;
    private final TopicPartition letterTopic;
    private final Consumer<KeptPartition> whenRestored;
    private final Consumer<KeptPartition> whenReleased;

    private final Object lock = new Object();
    private final Table table;
    private final Redrives redrives;
    private final Ends ends;
    private final Changes changes = new Changes();
    private final Notes notes;
    private final Outcomes outcomes;
    private final Orders orders;
    private final Rewrites rewrites;
    private final Discards discards;
    private final RetentionGuard guard;
    private @Nullable Chunk chunk;
    private @Nullable Summary summary;
    private boolean isRestored;
    private boolean isEnding;
    private boolean isFull;
    private volatile boolean isReleased;
    private volatile @Nullable Throwable failure;

    private final UnitOfWork unit = new Judging();

    KeptPartition(
            Participation processor,
            KeptSettings settings,
            Sequencing sequencing,
            Store store,
            KeptRecords reader,
            Totals totals,
            LetterTopic letterTopic,
            Allowance newSchemas,
            Consumer<KeptPartition> whenRestored,
            Consumer<KeptPartition> whenReleased) {
        this.processor = processor;
        this.settings = settings;
        this.sequencing = sequencing;
        this.store = store;
        this.reader = reader;
        this.totals = totals;
        this.whenRestored = whenRestored;
        this.whenReleased = whenReleased;
        this.table = new Table(sequencing.keylessBlocks());
        this.redrives = new Redrives(table, newSchemas);
        this.ends = new Ends(settings.endsKept().toMillis(), settings.capacity());
        this.letterTopic = new TopicPartition(letterTopic.name(), store.source().partition());
        this.notes = new Notes(store);
        this.outcomes = new Outcomes(settings, processor.clock());
        this.rewrites = new Rewrites(redrives, changes, store, letterTopic, processor.clock());
        this.guard = new RetentionGuard(table, store, letterTopic, settings.nearRetention());
        var discarding = new InTurn();
        this.orders = new Orders(
                table,
                ends,
                redrives,
                rewrites,
                discarding,
                changes,
                store,
                CommandTopics.answers(processor.group()),
                processor.clock());
        this.discards = new Discards(discarding, changes, orders);
    }

    /** Where its letters are kept. */
    Store store() {
        return store;
    }

    @Override
    public void restore(long committedOffset) throws Exception {
        var restore = new StoreRestore(processor, store, letterTopic);
        StoreNote note = restore.read(committedOffset);
        synchronized (lock) {
            notes.begin(note);
            orders.begin(note);
            new Restoration(sequencing, settings, store, processor.clock(), table, redrives, ends, changes)
                    .take(restore.letters());
            orders.carriedOutUpTo(restore.commands());
            isRestored = true;
            summary = null;
        }
        whenRestored.accept(this);
        processor.wakeUp();
    }

    @Override
    public UnitOfWork begin() {
        return unit;
    }

    private Verdict judge(Subject subject) {
        synchronized (lock) {
            if (table.size() == 0 || isDiscarded(subject)) {
                return Verdict.PROCEED;
            }
            long offset = subject.position().offset();
            if (subject.redelivery() == null && table.get(offset) != null) {
                // Its group was set back, perhaps: it is not to be handled beside what was kept of it.
                return new Verdict.Park("itself: it is kept already");
            }
            @Nullable Entry blocker = blocker(subject);
            return blocker == null ? Verdict.PROCEED : new Verdict.Park(store.id(blocker.offset()));
        }
    }

    private static boolean isDiscarded(Subject subject) {
        @Nullable Redelivery redelivery = subject.redelivery();
        return redelivery != null && redelivery.isDiscarded();
    }

    private @Nullable Entry blocker(Subject subject) {
        return table.blocker(
                sequencing.of(Sequence.ofKey(subject.key())), subject.position().offset());
    }

    @Override
    public Verdict giveUp(Subject subject, Fate as, String failureClass, String cause) {
        synchronized (lock) {
            if (as == Fate.SKIPPED || isDiscarded(subject)) {
                return Verdict.PROCEED;
            }
            @Nullable Entry blocker = as == Fate.LETTERED ? blocker(subject) : null;
            if (blocker != null) {
                // Not judged before: it could not be read, or the process has died of it.
                return new Verdict.Park(store.id(blocker.offset()));
            }
            return Verdict.PROCEED;
        }
    }

    /** What is in flight still comes, since a lane on which it waited could not redrive what is kept of its sequence. */
    @Override
    public boolean isFull() {
        synchronized (lock) {
            boolean now = table.size() >= settings.capacity();
            if (now != isFull) {
                isFull = now;
                if (now) {
                    log.error(
                            "{} keeps {} letters and records behind them, and {} is its capacity: it is not read on until"
                                    + " some are redriven or discarded. The most frequent: {}",
                            store.source(),
                            table.size(),
                            settings.capacity(),
                            Counts.of(table.all()));
                }
            }
            return now;
        }
    }

    @Override
    public void settled(Subject subject, Fate fate) {
        synchronized (lock) {
            long offset = subject.position().offset();
            @Nullable Entry entry = table.get(offset);
            if (entry != null && subject.redelivery() == null && entry.isCommitted()) {
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
                table.add(new Entry(offset, sequencing.of(Sequence.ofKey(subject.key())), blocks));
            }
        }
    }

    @Override
    public List<Redelivery> redeliveries(int room) {
        @Nullable Throwable failed = failure;
        if (failed != null) {
            throw new IllegalStateException("the letters of " + store.source() + " cannot be read", failed);
        }
        synchronized (lock) {
            if (!isRestored || isEnding) {
                return List.of();
            }
            guard.look(processor.clock().millis());
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
                chunk = begin(redrives.next(processor.clock().millis()));
            }
            return handedIn;
        }
    }

    private interface Found {
        void read(List<Entry> entries, KeptRecords.Found found);
    }

    /** Reads the bytes of letters. At the end of the assignment nothing follows from that any more. */
    private void read(List<Entry> entries, boolean alsoInSource, Found then) {
        if (entries.isEmpty()) {
            return;
        }
        List<Entry> here = entries.stream()
                .filter(entry -> alsoInSource || entry.position() != Entry.NOWHERE)
                .toList();
        reader.read(store, here, () -> !isReleased, new KeptRecords.Taker() {
            @Override
            public void took(KeptRecords.Found found) {
                synchronized (lock) {
                    if (!isEnding) {
                        then.read(entries, found);
                        orders.answerWhatIsDone();
                    }
                }
                processor.wakeUp();
            }

            @Override
            public void failed(Throwable cause) {
                failure = cause;
                processor.wakeUp();
            }
        });
    }

    /** It is written that these are handed in, and read what they are. */
    private @Nullable Chunk begin(List<Entry> entries) {
        if (entries.isEmpty()) {
            return null;
        }
        long now = processor.clock().millis();
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
                changes.own(new Change(
                        entry,
                        entry.state()
                                .become(
                                        LetterState.QUARANTINED,
                                        processor.clock().millis(),
                                        why),
                        null));
            }
        }
        begun.without(lost);
    }

    @Override
    public boolean hasRecords() {
        synchronized (lock) {
            return !changes.isEmpty();
        }
    }

    @Override
    public void sent(Settlement settlement) {
        synchronized (lock) {
            @Nullable Entry entry = table.get(settlement.offset());
            @Nullable Redelivery redelivery = settlement.redelivery();
            if (redelivery != null) {
                Entry kept = Objects.requireNonNull(entry, "not kept");
                changes.ofRecord(redelivery.isDiscarded() ? discards.ended(kept) : outcomes.ended(kept, settlement));
            } else if (settlement.fate() == Fate.LETTERED || settlement.fate().isKept()) {
                if (entry == null || !entry.isCommitted()) {
                    changes.ofRecord(outcomes.kept(entry == null ? unsettled(settlement) : entry, settlement));
                }
            }
        }
    }

    /** It was settled when its partition was being given up already, and is committed all the same. */
    private Entry unsettled(Settlement settlement) {
        byte @Nullable [] key =
                Objects.requireNonNull(settlement.record(), "record").key();
        var entry =
                new Entry(settlement.offset(), sequencing.of(Sequence.ofKey(key)), settlement.fate() != Fate.DEFERRED);
        table.add(entry);
        return entry;
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records(long offset) {
        synchronized (lock) {
            return notes.with(
                    changes.handOver(store, ends.toForget(processor.clock().millis())), offset);
        }
    }

    @Override
    public void written(ProducerRecord<byte[], byte[]> record, long offset) {
        synchronized (lock) {
            changes.written(record, offset);
        }
    }

    @Override
    public void confirmed(long committedOffset, boolean whole) {
        synchronized (lock) {
            if (!isRestored) {
                return;
            }
            if (whole) {
                List<Change> committed = changes.committed();
                committed.forEach(this::committed);
                ends.areForgotten();
                notes.committed();
                summary = committed.isEmpty() ? summary : null;
                orders.answerWhatIsDone();
            } else {
                changes.aborted();
                forgetUpTo(committedOffset);
            }
        }
    }

    /** Somebody else has committed past them: what was settled here has no effect. */
    private void forgetUpTo(long committedOffset) {
        List<Entry> forgotten = table.all().stream()
                .takeWhile(entry -> entry.offset() < committedOffset)
                .filter(entry -> !entry.isCommitted())
                .toList();
        forgotten.forEach(table::remove);
    }

    private void committed(Change change) {
        Entry entry = change.entry();
        KeptState state = change.to();
        if (state.state() == LetterState.REDRIVING) {
            if (chunk != null) {
                chunk.isMarked(entry);
            }
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

    /** Has a command carried out, if this is still the owner. */
    boolean order(Order order) {
        synchronized (lock) {
            if (!isRestored || isEnding || isReleased) {
                return false;
            }
            orders.take(order);
        }
        processor.wakeUp();
        return true;
    }

    /** Where its commands are to be read from. */
    long nextCommand() {
        synchronized (lock) {
            return orders.nextCommand();
        }
    }

    /** There are none before this offset. */
    void commandsBeginAt(long offset) {
        synchronized (lock) {
            orders.carriedOutUpTo(offset);
        }
    }

    /** How many letters are near the end of their time in the letter topic. */
    long nearRetention(long nowMillis) {
        synchronized (lock) {
            // Most of the time the oldest tells.
            return guard.isNear(summary().publishedFirstMillis(), nowMillis) ? guard.near(nowMillis) : 0;
        }
    }

    /** What is kept now, in numbers: counted when something has changed since it was last asked for. */
    Summary summary() {
        synchronized (lock) {
            @Nullable Summary known = summary;
            if (known == null) {
                known = isRestored ? Summary.of(table) : Summary.NOTHING;
                summary = known;
            }
            return known;
        }
    }

    /** What is kept now. */
    List<LetterStatus> letters() {
        synchronized (lock) {
            return table.all().stream()
                    .filter(Entry::isCommitted)
                    .map(entry -> Statuses.of(store, entry.offset(), entry.state()))
                    .toList();
        }
    }

    @Override
    public void ending() {
        synchronized (lock) {
            isEnding = true;
            for (Entry entry : table.all()) {
                if (entry.phase() == Entry.Phase.STARTING || entry.phase() == Entry.Phase.HANDLING) {
                    // The process does not die of it.
                    changes.takeBack(entry);
                    changes.own(new Change(
                            entry,
                            orders.asked(
                                    entry,
                                    entry.state().redriving(0, processor.clock().millis())),
                            null));
                }
            }
        }
    }

    @Override
    public void released() {
        isReleased = true;
        whenReleased.accept(this);
        synchronized (lock) {
            orders.fail(new IllegalStateException(store.source() + " is no longer this processor's: ask its owner"));
        }
    }

    /** Takes up nothing. */
    private final class Judging implements UnitOfWork {

        @Override
        public Verdict judge(Subject subject) {
            return KeptPartition.this.judge(subject);
        }

        @Override
        public void close() {}
    }
}
