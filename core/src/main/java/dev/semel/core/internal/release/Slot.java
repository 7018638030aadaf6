package dev.semel.core.internal.release;

import dev.semel.core.internal.commit.ClientErrors;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record's place in the order of its partition, from the poll that read it until its commit is confirmed.
 *
 * <p>Threading: completed on a lane; told of refused outputs on the producer's thread; everything else on the poll thread.
 */
public final class Slot implements Callback {

    /** Decides anew about a record whose output the broker refused after the handler had returned. */
    public interface Rejection {
        /** Ends in another {@link Slot#complete}, or stops the processor. Called on the poll thread; must not block. */
        void rejected(Exception refusal);
    }

    private final PartitionWindow window;
    private final long offset;
    private final int bytes;
    private final Optional<Integer> leaderEpoch;

    private volatile @Nullable Outcome outcome;
    private volatile @Nullable Exception refusal;
    private @Nullable Rejection rejection;

    Slot(PartitionWindow window, long offset, Optional<Integer> leaderEpoch, int bytes) {
        this.window = window;
        this.offset = offset;
        this.leaderEpoch = leaderEpoch;
        this.bytes = bytes;
    }

    /** Whom to ask when the broker refuses an output of this record. Set before the record is handed on. */
    public void onRejection(Rejection rejection) {
        this.rejection = rejection;
    }

    /** The record's fate. Has no effect where the partition has been lost meanwhile: its new owner decides. */
    public void complete(Outcome outcome) {
        this.outcome = outcome;
    }

    /** Whether handling it still counts: the partition is owned, and not being given up. */
    public boolean isWanted() {
        return window.isWanted();
    }

    /** Runs on the producer's thread. Only the first refusal counts: what follows it was refused for it. */
    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
        if (exception != null && refusal == null && ClientErrors.isRecordsOwn(exception)) {
            refusal = exception;
        }
    }

    @Nullable Outcome outcome() {
        return outcome;
    }

    long offset() {
        return offset;
    }

    Optional<Integer> leaderEpoch() {
        return leaderEpoch;
    }

    int bytes() {
        return bytes;
    }

    /** Back from an aborted transaction: kept as it is, to be sent again, unless the broker refused an output of it. */
    void rewind() {
        @Nullable Exception refused = refusal;
        if (refused != null) {
            refusal = null;
            outcome = null;
            Objects.requireNonNull(rejection, "rejection").rejected(refused);
        }
    }
}
