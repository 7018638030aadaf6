package dev.semel.core.internal.release;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.internal.commit.ClientErrors;
import dev.semel.core.internal.commit.TransactionResult;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.participant.PartitionParticipant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Releases what is complete, in offset order per partition, into transactions, and keeps it until its commit is confirmed.
 *
 * <h2>Reasoning</h2>
 *
 * <p>A transaction holds, for each partition, the outputs of a closed prefix of its records and the offset behind it, both
 * taken from the same list: an output without its offset, or the reverse, cannot come about. An abort only moves the line
 * between "sent" and "waiting" back: what is complete is sent again and no handler runs for it. A partition that is given up
 * while records of it are in the open transaction takes that transaction with it, since nobody else may commit them.
 *
 * <p>For the poll thread only.
 */
public final class Release {

    private final TransactionWriter transactions;
    private final long commitIntervalNanos;
    private final Slice slice;
    private final LongSupplier nanoTime;
    private final Confirmed confirmed = new Confirmed();
    private final Map<TopicPartition, PartitionWindow> windows = new HashMap<>();

    private TransactionResult settled = TransactionResult.ABORTED;
    private long committedAt;
    private int turn;
    private boolean moreIsComplete;

    /** A participant's record that was refused, which no abort mends: told by the producer's thread, or while sending. */
    private volatile @Nullable ProcessorFailedException refused;

    public Release(TransactionWriter transactions, CommitSettings settings, LongSupplier nanoTime) {
        this.transactions = transactions;
        this.commitIntervalNanos = settings.interval().toNanos();
        this.slice = new Slice(settings.records(), settings.bytes());
        this.nanoTime = nanoTime;
        this.committedAt = nanoTime.getAsLong();
    }

    /** What became of the records whose commit is confirmed. Called by any thread. */
    public Confirmed confirmed() {
        return confirmed;
    }

    /** A window for a partition that was just assigned. */
    public PartitionWindow open(TopicPartition partition, PartitionParticipant participant) {
        var window = new PartitionWindow(partition, participant, confirmed);
        windows.put(partition, window);
        return window;
    }

    /** The window of a partition, if it is owned. */
    public Optional<PartitionWindow> window(TopicPartition partition) {
        return Optional.ofNullable(windows.get(partition));
    }

    public Collection<PartitionWindow> windows() {
        return windows.values();
    }

    /** Drops these partitions and all that is known of them. What they have in the open transaction is never committed. */
    public void drop(Collection<TopicPartition> partitions) {
        boolean inTransaction = false;
        for (TopicPartition partition : partitions) {
            @Nullable PartitionWindow window = windows.remove(partition);
            if (window != null) {
                window.stopHandling();
                inTransaction |= window.hasSent();
            }
        }
        if (inTransaction && transactions.isOpen()) {
            apply(transactions.abort());
        }
    }

    /** Whether the fate of a transaction is open, so that nothing can be sent. */
    public boolean isUnsettled() {
        return !transactions.isReady() || settled == TransactionResult.IN_OFFSETS;
    }

    /** Sends what is complete, as much as one transaction takes. */
    public void release() {
        if (!isUnsettled()) {
            var order = new ArrayList<>(windows.values());
            Collections.rotate(order, turn);
            order.forEach(window -> window.release(transactions, slice));
            // Another comes first the next time, or one that always has enough would keep the others waiting for ever.
            turn += slice.isFull() ? 1 : 0;
            moreIsComplete = false;
        }
    }

    /** Whether nothing is in flight: all that was polled is confirmed. */
    public boolean isEmpty() {
        return windows.values().stream().allMatch(PartitionWindow::isIdle);
    }

    /** How long until the next commit is due; zero or less when it is. */
    public Duration untilCommit() {
        return slice.isFull() || moreIsComplete
                ? Duration.ZERO
                : Duration.ofNanos(committedAt + commitIntervalNanos - nanoTime.getAsLong());
    }

    /** Whether the transaction takes no more. */
    public boolean isFull() {
        return slice.isFull();
    }

    public boolean isCommitDue() {
        return slice.isFull() || nanoTime.getAsLong() - committedAt >= commitIntervalNanos;
    }

    /** Commits what was sent and how far each partition has come, if there is anything to commit. */
    public void commit(ConsumerGroupMetadata member) {
        if (isUnsettled()) {
            return;
        }
        // What did not fit is released next, without waiting for anything.
        moreIsComplete = slice.isFull();
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (PartitionWindow window : windows.values()) {
            @Nullable OffsetAndMetadata offset = window.toCommit();
            if (offset != null) {
                offsets.put(window.partition(), offset);
                List<ProducerRecord<byte[], byte[]>> added =
                        window.participant().records(offset.offset());
                added.forEach(record -> transactions.send(List.of(record), written(record, window)));
            }
        }
        if (!offsets.isEmpty()) {
            apply(transactions.commit(offsets, member));
        }
        // From its end on: a slow commit must not make the next one follow at its heels.
        committedAt = nanoTime.getAsLong();
    }

    /** Whether a commit or abort has no answer yet, so that asking again may give it at once. */
    public boolean awaitsAnswer() {
        return transactions.awaitsAnswer();
    }

    /** Asks again for the fate of the last transaction. */
    public void settle() {
        if (!transactions.isReady()) {
            apply(transactions.settle());
        }
    }

    /** Whether the committed offsets must be read to know what the last transaction did: then call {@link #confirm}. */
    public boolean awaitsOffsets() {
        return settled == TransactionResult.IN_OFFSETS;
    }

    /** The partitions that are owned now. */
    public Set<TopicPartition> partitions() {
        return Set.copyOf(windows.keySet());
    }

    /**
     * The committed offsets, read after a producer was replaced.
     *
     * @return the partitions whose committed offset is past everything known of them: they have to be read anew from there
     */
    public List<TopicPartition> confirm(Map<TopicPartition, OffsetAndMetadata> committed) {
        settled = TransactionResult.ABORTED;
        slice.clear();
        var passed = new ArrayList<TopicPartition>();
        for (PartitionWindow window : windows.values()) {
            if (!window.confirmUpTo(Optional.ofNullable(committed.get(window.partition())))) {
                passed.add(window.partition());
            }
        }
        return passed;
    }

    /** What the record itself is not the cause of comes out at the commit, and is nobody's own. */
    private Callback written(ProducerRecord<byte[], byte[]> record, PartitionWindow window) {
        return (written, failure) -> {
            if (failure == null) {
                window.participant().written(record, written.offset());
            } else if (refused == null && ClientErrors.isRecordsOwn(failure) && transactions.isFirstRefusal()) {
                int bytes = record.value() == null ? 0 : record.value().length;
                refused = new ProcessorFailedException(
                        "a participant's record for topic " + record.topic() + ", of " + bytes
                                + " bytes, which goes with the offset of "
                                + window.partition() + ", is refused, and would be each time: " + failure.getMessage()
                                + "; look at max.message.bytes and message.timestamp.type of the topic, and at the"
                                + " producer's max.request.size",
                        failure);
            }
        };
    }

    private void apply(TransactionResult result) {
        if (refused != null) {
            throw refused;
        }
        settled = result;
        switch (result) {
            case COMMITTED -> {
                slice.clear();
                windows.values().forEach(PartitionWindow::confirm);
            }
            case ABORTED -> {
                slice.clear();
                windows.values().forEach(PartitionWindow::rewind);
            }
            case UNSETTLED, IN_OFFSETS -> {
                // Nothing is known yet: what was sent stays as it is.
            }
        }
    }
}
