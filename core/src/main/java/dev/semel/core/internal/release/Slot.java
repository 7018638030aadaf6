package dev.semel.core.internal.release;

import dev.semel.core.internal.commit.ClientErrors;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record's place in the order of its partition, from the poll that read it until its commit is confirmed.
 *
 * <p>Threading: completed on a lane; told of refused outputs on the producer's thread or the poll thread; everything else on the poll thread.
 */
public final class Slot implements Callback {

    /** Decides anew about a record of which something could not be sent after its fate had been decided. */
    public interface Rejection {
        /**
         * Ends in another {@link Slot#complete}, or stops the processor. Called on the poll thread; must not block.
         *
         * @param refused the outcome that could not be sent
         * @param refusal why
         */
        void rejected(Outcome refused, Exception refusal);
    }

    /** Takes back a record that was a duplicate of another, which has had no effect after all. */
    public interface Return {
        /**
         * Has it judged again, which ends in another {@link Slot#complete}. Called on the poll thread; must not block.
         *
         * @return false where that cannot be yet, since it has not left its lane: asked again
         */
        boolean comesBack();
    }

    private final PartitionWindow window;
    private final long offset;
    private final long recordBytes;
    private final Optional<Integer> leaderEpoch;
    private final @Nullable Redelivery redelivery;
    private final @Nullable Object sequence;

    /** What is sent before it, since it was handled before it; for the poll thread, like what follows. */
    private @Nullable Slot predecessor;

    private boolean sent;

    // Written before, and read after, the outcome.
    private long outputBytes;
    private volatile @Nullable Outcome outcome;
    private volatile @Nullable Exception refusal;
    private @Nullable TransactionWriter writer;
    private @Nullable Rejection rejection;
    private @Nullable Return back;

    /**
     * @param redelivery what a participant has handed in; null for a record of the source
     * @param sequence what it has in common with the records that it is handled in order with; null where there are none
     */
    Slot(
            PartitionWindow window,
            long offset,
            Optional<Integer> leaderEpoch,
            long bytes,
            @Nullable Redelivery redelivery,
            @Nullable Object sequence) {
        this.window = window;
        this.sequence = sequence;
        this.redelivery = redelivery;
        this.offset = offset;
        this.leaderEpoch = leaderEpoch;
        this.recordBytes = bytes;
    }

    /** Whom to ask when the broker refuses an output of this record. Set before the record is handed on. */
    public void onRejection(Rejection rejection) {
        this.rejection = rejection;
    }

    /** Where it goes back to as a duplicate that is none. Set before the record is handed on. */
    public void onReturn(Return back) {
        this.back = back;
    }

    /** The record's fate. Has no effect where the partition has been lost meanwhile: its new owner decides. */
    public void complete(Outcome outcome) {
        long size = Sizes.of(outcome);
        if (size > 0) {
            window.countOutputs(size);
        }
        outputBytes = size;
        this.outcome = outcome;
    }

    /** Whether handling it still counts: the partition is owned, and not being given up. */
    public boolean isWanted() {
        return window.isWanted();
    }

    /** Called by the producer's thread, or while sending. */
    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
        if (exception != null
                && refusal == null
                && (ClientErrors.mayBeRecordsOwn(exception)
                        || (ClientErrors.isRecordsOwn(exception)
                                && Objects.requireNonNull(writer, "nothing was sent")
                                        .isFirstRefusal()))) {
            refusal = exception;
        }
    }

    /** Who takes part in its assignment. */
    public PartitionParticipant participant() {
        return window.participant();
    }

    /** The record's fate, if it is decided. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    public long offset() {
        return offset;
    }

    Optional<Integer> leaderEpoch() {
        return leaderEpoch;
    }

    long recordBytes() {
        return recordBytes;
    }

    long outputBytes() {
        return outputBytes;
    }

    /** What a participant has handed in; null for a record of the source. */
    public @Nullable Redelivery redelivery() {
        return redelivery;
    }

    @Nullable Object sequence() {
        return sequence;
    }

    /** It is sent only when that one is. */
    void follows(@Nullable Slot before) {
        predecessor = before;
    }

    /**
     * Sends what the record adds to a transaction, where its fate is decided, and it may be released.
     *
     * @return whether it was
     */
    boolean send(PartitionParticipant participant, TransactionWriter transactions) {
        @Nullable Outcome decided = outcome;
        if (decided == null || (predecessor != null && !predecessor.sent)) {
            return false;
        }
        if (decided instanceof Outcome.Duplicate && !participant.isStillDuplicate(offset)) {
            judgeAgain(decided);
            return false;
        }
        if (!decided.outputs().isEmpty()) {
            writer = transactions;
            transactions.send(decided.outputs(), this);
        }
        participant.sent(decided.settlement(offset, redelivery));
        sent = true;
        return true;
    }

    /** It is no duplicate after all. Where it cannot go back yet, it stays as it is. */
    private void judgeAgain(Outcome duplicate) {
        // First: on its lane, it may have another at once.
        outcome = null;
        if (!Objects.requireNonNull(back, "back").comesBack()) {
            outcome = duplicate;
        }
    }

    /** Back from an aborted transaction: kept as it is, to be sent again, unless an output of it was refused. */
    void rewind() {
        sent = false;
        @Nullable Exception cause = refusal;
        @Nullable Outcome refused = outcome;
        if (cause != null && refused != null) {
            refusal = null;
            outcome = null;
            window.countOutputs(-outputBytes);
            outputBytes = 0;
            Objects.requireNonNull(rejection, "rejection").rejected(refused, cause);
        }
    }
}
