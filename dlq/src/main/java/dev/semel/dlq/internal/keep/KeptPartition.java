package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.core.participant.topics.PatientCluster;
import dev.semel.dlq.LetterStatus;
import dev.semel.dlq.internal.command.CommandTopics;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

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

    private final Participation processor;
    private final KeptSettings settings;
    private final Sequencing sequencing;
    private final Store store;
    private final KeptRecords reader;
    private final TopicPartition letterTopic;
    private final Consumer<KeptPartition> whenAdded;
    private final Consumer<KeptPartition> whenRestored;
    private final Consumer<KeptPartition> whenReleased;

    private final Object lock = new Object();
    private final Table table;
    private final Redrives redrives;
    private final Ends ends;
    private final Changes changes = new Changes();
    private final Notes notes;
    private final Orders orders;
    private final Rewrites rewrites;
    private final Discards discards;
    private final Edits edits;
    private final RetentionGuard guard;
    private final Waiting waiting;
    private final HandingIn handingIn;
    private final Commits commits;
    private final Pausing pausing;
    private @Nullable Summary summary;
    private boolean isRestored;
    private boolean isEnding;
    private long restoredFrom;
    private volatile @Nullable String noRoom;
    private volatile @Nullable StoreRestore added;
    private volatile boolean isReleased;
    private volatile @Nullable Throwable failure;

    KeptPartition(
            Participation processor,
            KeptSettings settings,
            Sequencing sequencing,
            Store store,
            KeptRecords reader,
            Totals totals,
            LetterTopic letterTopic,
            Allowance newSchemas,
            Consumer<KeptPartition> whenAdded,
            Consumer<KeptPartition> whenRestored,
            Consumer<KeptPartition> whenReleased) {
        this.processor = processor;
        this.settings = settings;
        this.sequencing = sequencing;
        this.store = store;
        this.reader = reader;
        this.whenAdded = whenAdded;
        this.whenRestored = whenRestored;
        this.whenReleased = whenReleased;
        this.table = new Table(sequencing.keylessBlocks());
        this.redrives = new Redrives(table, newSchemas);
        this.ends = new Ends(settings.endsKept().toMillis(), settings.capacity());
        this.letterTopic = new TopicPartition(letterTopic.name(), store.source().partition());
        this.notes = new Notes(store);
        this.rewrites = new Rewrites(redrives, changes, store, letterTopic, processor.clock());
        this.guard = new RetentionGuard(table, store, letterTopic, settings.nearRetention());
        this.edits = new Edits(settings, changes, store, letterTopic, processor.clock());
        var discarding = new InTurn();
        this.orders = new Orders(
                table,
                ends,
                redrives,
                rewrites,
                discarding,
                edits,
                changes,
                store,
                CommandTopics.answers(processor.group()),
                processor.clock());
        this.discards = new Discards(discarding, changes, orders);
        this.waiting = new Waiting(table, sequencing, store, settings.capacity());
        this.handingIn = new HandingIn(
                store, table, redrives, rewrites, discards, orders, changes, processor.clock(), this::read);
        this.pausing = new Pausing(orders, redrives, rewrites, discards, processor.clock());
        this.commits = new Commits(
                store,
                table,
                ends,
                redrives,
                rewrites,
                discards,
                orders,
                changes,
                notes,
                waiting,
                handingIn,
                totals,
                new Outcomes(settings, processor.clock()),
                processor.clock());
    }

    /** Where its letters are kept. */
    Store store() {
        return store;
    }

    @Override
    public void restore(long committedOffset) throws Exception {
        restoredFrom = committedOffset;
        try (var cluster = new PatientCluster(processor.adminConfig(), "the letters of " + store.source())) {
            var restore = new StoreRestore(processor, cluster, store, letterTopic);
            noRoom = restore.noRoom();
            if (noRoom == null) {
                restore.read(committedOffset);
                take(restore);
            } else {
                whenAdded.accept(this);
            }
        }
    }

    /**
     * The same, off the poll thread, of one that there was no room for. Until then it is not read.
     *
     * @return false where there still is none
     */
    boolean restoreAdded(PatientCluster cluster) throws Exception {
        var restore = new StoreRestore(processor, cluster, store, letterTopic);
        if (restore.noRoom() != null) {
            return false;
        }
        restore.read(restoredFrom);
        added = restore;
        processor.wakeUp();
        return true;
    }

    private void take(StoreRestore restore) {
        synchronized (lock) {
            notes.begin(restore.note());
            orders.begin(restore.note());
            new Restoration(sequencing, settings, store, processor.clock(), table, redrives, ends, changes)
                    .take(restore.letters());
            orders.begin(restore.commands());
            isRestored = true;
            summary = null;
        }
        whenRestored.accept(this);
        processor.wakeUp();
    }

    @Override
    public UnitOfWork begin() {
        return new Judging();
    }

    @Override
    public Verdict giveUp(Subject subject, Fate as, String failureClass, String cause) {
        synchronized (lock) {
            return waiting.giveUp(subject, as);
        }
    }

    @Override
    public boolean isFull() {
        @Nullable StoreRestore restore = added;
        if (restore != null) {
            // Here, since the partition is not released meanwhile.
            added = null;
            take(restore);
            noRoom = null;
        }
        synchronized (lock) {
            return noRoom != null || waiting.isFull();
        }
    }

    @Override
    public String fullReason() {
        @Nullable String reason = noRoom;
        return reason == null ? PartitionParticipant.super.fullReason() : reason;
    }

    /** What is needed cannot be read: the processor stops. */
    void failed(Throwable cause) {
        failure = cause;
        processor.wakeUp();
    }

    @Override
    public void settled(Subject subject, Fate fate) {
        synchronized (lock) {
            waiting.settled(subject, fate);
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
            return handingIn.next(room);
        }
    }

    /** Reads the bytes of letters. At the end of the assignment nothing follows from that any more. */
    private void read(List<Entry> entries, boolean alsoInSource, HandingIn.Found then) {
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
                KeptPartition.this.failed(cause);
            }
        });
    }

    @Override
    public boolean hasRecords() {
        Optional<String> paused = processor.paused();
        synchronized (lock) {
            // Asked while it is paused, too.
            if (isRestored && !isEnding) {
                pausing.look(paused);
            }
            return !changes.isEmpty();
        }
    }

    @Override
    public void sent(Settlement settlement) {
        synchronized (lock) {
            commits.sent(settlement);
        }
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records(long offset) {
        synchronized (lock) {
            return commits.records(offset);
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
            if (!whole) {
                changes.aborted();
                waiting.forgetUpTo(committedOffset);
            } else {
                if (commits.confirmed()) {
                    summary = null;
                }
                orders.answerWhatIsDone();
            }
        }
    }

    /** Has a command carried out, if this is still the owner. */
    boolean order(Order order) {
        edits.judge(order);
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
            orders.begin(CarriedOut.upTo(offset));
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
            handingIn.end();
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

    /** One attempt: what it lets go on is handled together, or not at all. */
    private final class Judging implements UnitOfWork {

        private @Nullable Set<Long> goOn;

        @Override
        public Verdict judge(Subject subject) {
            @Nullable Set<Long> before = goOn;
            synchronized (lock) {
                Verdict verdict = waiting.judge(subject, before == null ? Set.of() : before);
                if (verdict == Verdict.PROCEED && table.size() > 0) {
                    if (before == null) {
                        before = new HashSet<>();
                        goOn = before;
                    }
                    before.add(subject.position().offset());
                }
                return verdict;
            }
        }

        @Override
        public void close() {}
    }
}
