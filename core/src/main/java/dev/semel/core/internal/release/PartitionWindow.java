package dev.semel.core.internal.release;

import dev.semel.core.internal.commit.TransactionWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
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
 * <p>Threading: for the poll thread, but for {@link #isWanted}.
 */
public final class PartitionWindow {

    private final TopicPartition partition;
    private final Deque<Slot> sent = new ArrayDeque<>();
    private final Deque<Slot> waiting = new ArrayDeque<>();

    private volatile boolean wanted = true;
    private long bytes;
    private @Nullable OffsetAndMetadata position;
    private @Nullable OffsetAndMetadata committing;
    private long committedOffset = -1;

    PartitionWindow(TopicPartition partition) {
        this.partition = partition;
    }

    public TopicPartition partition() {
        return partition;
    }

    /** Whether records of this window are still to be handled. Called by any thread. */
    public boolean isWanted() {
        return wanted;
    }

    /** No further record of it is to be handled; what is complete can still be committed. */
    public void stopHandling() {
        wanted = false;
    }

    /** A place for the next record of the partition. */
    public Slot add(ConsumerRecord<byte[], byte[]> record) {
        int size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        var slot = new Slot(this, record.offset(), record.leaderEpoch(), size);
        waiting.addLast(slot);
        bytes += size;
        return slot;
    }

    /** The consumer's position, which can be past the last record's by transaction markers and compacted records. */
    public void advanceTo(OffsetAndMetadata next) {
        position = next;
    }

    /** Records that are polled and not confirmed. */
    public int records() {
        return sent.size() + waiting.size();
    }

    /** The size of keys and values of those records. */
    public long bytes() {
        return bytes;
    }

    /** Sends the outputs of the records that are complete, up to the first that is not. */
    void release(TransactionWriter transactions) {
        for (@Nullable Slot head = waiting.peekFirst(); head != null; head = waiting.peekFirst()) {
            @Nullable Outcome outcome = head.outcome();
            if (outcome == null) {
                return;
            }
            if (!outcome.outputs().isEmpty()) {
                transactions.send(outcome.outputs(), head);
            }
            waiting.removeFirst();
            sent.addLast(head);
        }
    }

    boolean hasSent() {
        return !sent.isEmpty();
    }

    /** Up to where a commit would go now, or null where that is committed already. */
    @Nullable OffsetAndMetadata toCommit() {
        @Nullable OffsetAndMetadata reached = reached();
        committing = reached == null || reached.offset() <= committedOffset ? null : reached;
        return committing;
    }

    private @Nullable OffsetAndMetadata reached() {
        if (waiting.isEmpty() && position != null) {
            return position;
        }
        @Nullable Slot last = sent.peekLast();
        return last == null ? null : new OffsetAndMetadata(last.offset() + 1, last.leaderEpoch(), "");
    }

    /** What was sent is committed. */
    void confirm() {
        sent.forEach(slot -> bytes -= slot.bytes());
        sent.clear();
        if (committing != null) {
            committedOffset = committing.offset();
        }
    }

    /** What was sent is not committed, and waits to be sent again. */
    void rewind() {
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
    boolean confirmUpTo(Optional<OffsetAndMetadata> committed) {
        long upTo = committed.map(OffsetAndMetadata::offset).orElse(-1L);
        for (@Nullable Slot head = sent.peekFirst(); head != null && head.offset() < upTo; head = sent.peekFirst()) {
            sent.removeFirst();
            bytes -= head.bytes();
        }
        committedOffset = Math.max(committedOffset, upTo);
        rewind();
        return waiting.isEmpty()
                ? position == null || upTo <= position.offset()
                : upTo <= waiting.getFirst().offset();
    }
}
