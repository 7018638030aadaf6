package dev.semel.core.internal.release;

import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One assignment of one partition: its records in offset order, from poll to confirmed commit. A new assignment of the same
 * partition has a window of its own, so that nothing of an ended one can be taken for its.
 *
 * <pre>{@code
 *   confirmed | sent: in the transaction | waiting: in handling, or complete behind one that is | not polled yet
 *             ^ next commit goes up to the end of sent (or past the gap behind it, where nothing waits)
 * }</pre>
 *
 * <p>Beside an offset Kafka keeps a text: the window's note, by which the next assignment knows how this one went.
 *
 * <p>Threading: for the poll thread, but for {@link #isWanted} and the counting of outputs.
 */
public final class PartitionWindow {

    /** What records of a partition have in common with those that they are handled in order with. */
    @FunctionalInterface
    public interface Sequences {
        @Nullable Object of(ConsumerRecord<byte[], byte[]> record);
    }

    /** The text beside each offset that is committed. */
    @FunctionalInterface
    public interface Notes {
        /** @param distinct whether it has to differ from the one that is committed now */
        String at(long offset, boolean distinct);
    }

    private final TopicPartition partition;
    private final PartitionParticipant participant;
    private final Confirmed counts;
    private final Deque<Slot> sent = new ArrayDeque<>();
    private final Deque<Slot> waiting = new ArrayDeque<>();
    private final Redeliveries redeliveries = new Redeliveries();

    private final AtomicLong outputBytes = new AtomicLong();
    private long recordBytes;

    private volatile boolean wanted = true;
    private Notes notes = (offset, distinct) -> "";
    private boolean isCommitted;
    private boolean noteDue;
    private boolean noteCommitting;
    private @Nullable OffsetAndMetadata position;
    private @Nullable OffsetAndMetadata committing;
    private @Nullable OffsetAndMetadata committed;

    PartitionWindow(TopicPartition partition, PartitionParticipant participant, Confirmed counts) {
        this.partition = partition;
        this.participant = participant;
        this.counts = counts;
    }

    public TopicPartition partition() {
        return partition;
    }

    /** Who takes part in this assignment. */
    public PartitionParticipant participant() {
        return participant;
    }

    /** Whether records of this window are still to be handled. Called by any thread. */
    public boolean isWanted() {
        return wanted;
    }

    /** No further record of it is to be handled; what is complete can still be committed. */
    public void stopHandling() {
        wanted = false;
    }

    /**
     * From now on it may commit.
     *
     * @param committed what is committed, if anything
     * @param from the same, or else where the partition starts
     * @param notes the text beside each offset that will be committed
     */
    public void begin(Optional<OffsetAndMetadata> committed, OffsetAndMetadata from, Notes notes) {
        this.committed = from;
        this.isCommitted = committed.isPresent();
        this.notes = notes;
    }

    /** What is committed now, or where the partition starts where nothing is yet. Only after it has begun. */
    public OffsetAndMetadata committed() {
        return Objects.requireNonNull(committed, "not begun");
    }

    /** The note has changed: it is committed even where the offset stays. */
    public void commitNote() {
        noteDue = true;
        // A commit that is under way has an older one.
        noteCommitting = false;
    }

    /** Whether the note has changed and is not committed yet. */
    public boolean isNoteDue() {
        return noteDue;
    }

    /**
     * A place for the next record of the partition.
     *
     * @param sequence what it has in common with the records that it is handled in order with; null where there are none
     */
    public Slot add(ConsumerRecord<byte[], byte[]> record, @Nullable Object sequence) {
        Slot slot = slot(record, null, sequence);
        slot.follows(redeliveries.last(sequence));
        waiting.addLast(slot);
        return slot;
    }

    /** Places for what a participant has handed in, each with its sequence, in its order. */
    public List<Slot> add(List<Redelivery> handedIn, Sequences sequences) {
        Map<Object, Slot> ofSource = lastOfSource();
        var slots = new ArrayList<Slot>(handedIn.size());
        for (Redelivery redelivery : handedIn) {
            @Nullable Object sequence = sequences.of(redelivery.record());
            Slot slot = slot(redelivery.record(), redelivery, sequence);
            redeliveries.add(slot, sequence == null ? null : ofSource.get(sequence));
            slots.add(slot);
        }
        return slots;
    }

    private Slot slot(
            ConsumerRecord<byte[], byte[]> record, @Nullable Redelivery redelivery, @Nullable Object sequence) {
        long size = Sizes.of(record);
        recordBytes += size;
        return new Slot(this, record.offset(), record.leaderEpoch(), size, redelivery, sequence);
    }

    /** The last record of the source of each sequence that is not confirmed. */
    private Map<Object, Slot> lastOfSource() {
        var last = new HashMap<Object, Slot>();
        for (Deque<Slot> some : List.of(sent, waiting)) {
            for (Slot slot : some) {
                if (slot.sequence() != null) {
                    last.put(slot.sequence(), slot);
                }
            }
        }
        return last;
    }

    /** How many of those are not confirmed. */
    public int redelivered() {
        return redeliveries.size();
    }

    /** The offset of the oldest of those; -1 where there is none. */
    public long redeliveryOffset() {
        @Nullable Slot oldest = redeliveries.oldest();
        return oldest == null ? -1 : oldest.offset();
    }

    /** The consumer's position, which can be past the last record's by transaction markers and compacted records. */
    public void advanceTo(OffsetAndMetadata next) {
        position = next;
    }

    /** Whether nothing is in flight: no record of the source, nothing handed in, and nothing that a participant has to add. */
    boolean isIdle() {
        return sent.isEmpty() && waiting.isEmpty() && redeliveries.isEmpty() && !participant.hasRecords();
    }

    /** Records of the source that are polled and not confirmed. */
    public int records() {
        return sent.size() + waiting.size();
    }

    /** The size of those records, and of what was sent for them so far. */
    public long bytes() {
        return recordBytes + outputBytes.get();
    }

    /** Counts what is to be sent for a record. Called by any thread. */
    void countOutputs(long more) {
        outputBytes.addAndGet(more);
    }

    private void confirmed(Collection<Slot> slots) {
        released(slots);
        counts.add(slots);
    }

    private void redelivered(Collection<Slot> slots) {
        released(slots);
        counts.addRedelivered(slots);
    }

    private void released(Collection<Slot> slots) {
        long records = 0;
        long outputs = 0;
        for (Slot slot : slots) {
            records += slot.recordBytes();
            outputs += slot.outputBytes();
        }
        recordBytes -= records;
        outputBytes.addAndGet(-outputs);
    }

    /** The first record that is not confirmed, if there is one. */
    public @Nullable Slot head() {
        @Nullable Slot head = sent.peekFirst();
        return head == null ? waiting.peekFirst() : head;
    }

    /** Whether every record that is not confirmed is in the transaction. */
    public boolean isSentWhole() {
        return waiting.isEmpty();
    }

    /**
     * Sends the outputs of the records that are complete, up to the first that is not, or until the slice is full; and of what was handed
     * in, each when it is complete. What was handled one after the other in a sequence is sent so, whichever of the two it is.
     */
    void release(TransactionWriter transactions, Slice slice) {
        boolean goesOn = true;
        while (goesOn) {
            releaseSource(transactions, slice);
            // It may be what the next record of the source waits for.
            goesOn = redeliveries.release(participant, transactions, slice) && !slice.isFull();
        }
    }

    private void releaseSource(TransactionWriter transactions, Slice slice) {
        for (@Nullable Slot head = waiting.peekFirst(); head != null && !slice.isFull(); head = waiting.peekFirst()) {
            if (!head.send(participant, transactions)) {
                return;
            }
            slice.add(head);
            waiting.removeFirst();
            sent.addLast(head);
        }
    }

    /** Records in the transaction that count for the budget: those of the source, and letters of what was handed in. */
    public int sent() {
        return sent.size() + letters(redeliveries.sent());
    }

    /** How many of them are dead letters. */
    public int sentLetters() {
        return letters(sent) + letters(redeliveries.sent());
    }

    /** Those that were written before count no second time. */
    private static int letters(Collection<Slot> slots) {
        int letters = 0;
        for (Slot slot : slots) {
            letters += slot.outcome() instanceof Outcome.Lettered lettered && !lettered.isPublished() ? 1 : 0;
        }
        return letters;
    }

    boolean hasSent() {
        return !sent.isEmpty() || !redeliveries.sent().isEmpty();
    }

    /** Up to where a commit would go now, with its note; null where that is committed already, or it has not begun. */
    @Nullable OffsetAndMetadata toCommit() {
        committing = null;
        @Nullable OffsetAndMetadata last = committed;
        if (last == null) {
            return null;
        }
        @Nullable OffsetAndMetadata reached = reached();
        boolean moved = reached != null && (!isCommitted || reached.offset() > last.offset());
        // Not told by the offset whether it was committed, such a transaction has a note of its own.
        boolean told = !redeliveries.sent().isEmpty() || participant.hasRecords();
        if (moved || noteDue || told) {
            OffsetAndMetadata to = reached != null && moved ? reached : last;
            String note = notes.at(to.offset(), told);
            boolean isTold = moved || !note.equals(last.metadata());
            committing =
                    new OffsetAndMetadata(to.offset(), to.leaderEpoch(), isTold ? note : notes.at(to.offset(), true));
            noteCommitting = noteDue;
        }
        return committing;
    }

    private @Nullable OffsetAndMetadata reached() {
        @Nullable Slot last = sent.peekLast();
        // The position can be of an earlier poll than the last record.
        if (waiting.isEmpty() && position != null && (last == null || position.offset() > last.offset())) {
            return position;
        }
        return last == null ? null : new OffsetAndMetadata(last.offset() + 1, last.leaderEpoch(), "");
    }

    /** What was sent is committed. */
    void confirm() {
        confirmed(sent);
        sent.clear();
        redelivered(redeliveries.confirm());
        if (committing != null) {
            committed = committing;
            isCommitted = true;
            noteDue &= !noteCommitting;
            participant.confirmed(committing.offset(), true);
            committing = null;
        }
    }

    private boolean isCommitting(OffsetAndMetadata known) {
        return committing != null
                && committing.offset() == known.offset()
                && committing.metadata().equals(known.metadata());
    }

    /** What was sent is not committed, and waits to be sent again. */
    void rewind() {
        rewind(false);
    }

    private void rewind(boolean whole) {
        if (committed != null) {
            participant.confirmed(committed.offset(), whole);
        }
        redeliveries.rewind();
        for (@Nullable Slot slot = sent.pollLast(); slot != null; slot = sent.pollLast()) {
            waiting.addFirst(slot);
            slot.rewind();
        }
    }

    /**
     * What was sent is committed up to this offset and no further.
     *
     * @return whether the window can go on; if not, others have moved the offset past what it holds
     */
    boolean confirmUpTo(Optional<OffsetAndMetadata> known) {
        long upTo = known.map(OffsetAndMetadata::offset).orElse(-1L);
        long end = end();
        for (@Nullable Slot head = sent.peekFirst(); head != null && head.offset() < upTo; head = sent.peekFirst()) {
            sent.removeFirst();
            confirmed(List.of(head));
        }
        boolean whole = known.isPresent() && isCommitting(known.get());
        if (whole) {
            redelivered(redeliveries.confirm());
        }
        if (known.isPresent() && committed != null && committed.offset() <= upTo) {
            committed = known.get();
            isCommitted = true;
            noteDue &= !(noteCommitting && whole);
        }
        rewind(whole);
        return waiting.isEmpty()
                ? end < 0 || upTo <= end
                : upTo <= waiting.getFirst().offset();
    }

    /** Behind everything that is known of; -1 where nothing is. The position can be of an earlier poll than the last record. */
    private long end() {
        @Nullable Slot last = waiting.isEmpty() ? sent.peekLast() : waiting.peekLast();
        return Math.max(position == null ? -1 : position.offset(), last == null ? -1 : last.offset() + 1);
    }
}
