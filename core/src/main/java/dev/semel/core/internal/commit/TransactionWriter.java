package dev.semel.core.internal.commit;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.internal.commit.ClientErrors.Call;
import dev.semel.core.internal.commit.ClientErrors.Reaction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes transactions with one producer at a time, and replaces it where its state is in doubt. For the poll thread only.
 *
 * <pre>{@code
 *            send, commit                    commit
 *   IDLE ----------------> OPEN ------------------------> COMMITTING
 *    ^                      |  abort                        |
 *    |                      v                               | fenced, expired, unknown error, no answer for long
 *    +----------------- ABORTING ------> BROKEN <-----------+
 *    |                                     | settle: new producer, same transactional id
 *    +-------------------------------------+
 * }</pre>
 */
public final class TransactionWriter {

    private static final Logger log = LoggerFactory.getLogger(TransactionWriter.class);

    private enum State {
        IDLE,
        OPEN,
        COMMITTING,
        ABORTING,
        BROKEN
    }

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final String transactionalId;
    private final long settleNanos;
    private final LongSupplier nanoTime;
    private final Replacements replacements;
    private final TransactionCounts counts = new TransactionCounts();

    private @Nullable Producer<byte[], byte[]> producer;
    private State state = State.IDLE;
    private @Nullable RuntimeException sendFailure;

    /** Whether a record of the transaction was refused; written by the producer's thread, too. */
    private final AtomicBoolean refused = new AtomicBoolean();

    private long unsettledSince;

    /**
     * @param producer the first producer, its transactions initialised
     * @param producers makes further ones, with the same transactional id and not yet initialised
     * @param settleTime how long the answer to a commit or abort is asked for again before the producer is replaced
     * @param nanoTime the ticker
     */
    public TransactionWriter(
            Producer<byte[], byte[]> producer,
            Supplier<Producer<byte[], byte[]>> producers,
            String transactionalId,
            Duration settleTime,
            LongSupplier nanoTime) {
        this.producer = producer;
        this.producers = producers;
        this.transactionalId = transactionalId;
        this.settleNanos = settleTime.toNanos();
        this.nanoTime = nanoTime;
        this.replacements = new Replacements(transactionalId, nanoTime);
    }

    /** What became of transactions. Called by any thread. */
    public TransactionCounts counts() {
        return counts;
    }

    /** Whether a transaction can be added to or begun. */
    public boolean isReady() {
        return state == State.IDLE || state == State.OPEN;
    }

    /** Whether a commit or abort was asked for and not answered; not where the producer has to be replaced first. */
    public boolean awaitsAnswer() {
        return state == State.COMMITTING || state == State.ABORTING;
    }

    /** Whether something was sent that is not committed yet. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /**
     * Adds records to the transaction, beginning one where none is open. A failure is not thrown: nothing more is sent, and it
     * comes out at the commit, where the transaction's fate is decided.
     *
     * @param callback told of each record, by the producer's thread or at once
     */
    public void send(List<ProducerRecord<byte[], byte[]>> records, Callback callback) {
        if (sendFailure != null) {
            return;
        }
        try {
            begin();
            for (ProducerRecord<byte[], byte[]> record : records) {
                Future<RecordMetadata> sent = producer().send(record, callback);
                if (sent.isDone()) {
                    // Sooner than any broker can answer: mostly a failure, for which each further send would block
                    // anew.
                    sent.get();
                }
            }
        } catch (RuntimeException e) {
            // The producer does not always remember what it has thrown, and would commit without the record.
            sendFailure = e;
        } catch (ExecutionException e) {
            sendFailure = e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e);
        } catch (InterruptedException e) {
            sendFailure = new InterruptException(e);
        }
    }

    /** Commits what was sent, together with these offsets. */
    public TransactionResult commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {
        if (!hasGeneration(member)) {
            log.info("Not a member of group {} any more: transaction {} is aborted", member.groupId(), transactionalId);
            return abort();
        }
        try {
            begin();
            if (sendFailure != null) {
                throw sendFailure;
            }
            producer().sendOffsetsToTransaction(offsets, member);
        } catch (RuntimeException e) {
            return failed(e, Call.OTHER);
        }
        state = State.COMMITTING;
        unsettledSince = nanoTime.getAsLong();
        return finish();
    }

    /** Aborts what was sent; {@link TransactionResult#ABORTED} where there was nothing. */
    public TransactionResult abort() {
        sendFailure = null;
        if (state == State.IDLE) {
            return TransactionResult.ABORTED;
        }
        state = State.ABORTING;
        unsettledSince = nanoTime.getAsLong();
        return finish();
    }

    /** Goes on with what has no answer yet. Call it once after each poll while the result is UNSETTLED. */
    public TransactionResult settle() {
        return state == State.BROKEN ? replace() : finish();
    }

    /**
     * Whether a record that was refused is the first of the transaction, told once. What the client has not sent by then it gives up with
     * the very exception of the first, as if each record were refused for itself. So only the first is known to be: of others it is found
     * out when they are sent again. Called by any thread.
     */
    public boolean isFirstRefusal() {
        return refused.compareAndSet(false, true);
    }

    private void begin() {
        if (state == State.IDLE) {
            refused.set(false);
            producer().beginTransaction();
            state = State.OPEN;
        }
    }

    private TransactionResult finish() {
        boolean committing = state == State.COMMITTING;
        try {
            if (committing) {
                producer().commitTransaction();
                replacements.committed();
                counts.committed(nanoTime.getAsLong() - unsettledSince);
            } else {
                producer().abortTransaction();
                counts.aborted();
            }
            state = State.IDLE;
            return committing ? TransactionResult.COMMITTED : TransactionResult.ABORTED;
        } catch (RuntimeException e) {
            return failed(e, Call.REPEATABLE);
        }
    }

    private TransactionResult failed(RuntimeException error, Call call) {
        Reaction reaction = ClientErrors.ofProducer(error, call);
        log.info("Transaction {} in state {}: {} ({})", transactionalId, state, reaction, error.toString());
        return switch (reaction) {
            case SAME_CALL_AGAIN ->
                nanoTime.getAsLong() - unsettledSince < settleNanos
                        ? TransactionResult.UNSETTLED
                        : broken(error, false);
            case ABORT -> state == State.ABORTING ? broken(error, false) : abort();
            case NEW_PRODUCER -> broken(error, false);
            case NEW_PRODUCER_AFTER_FENCE -> broken(error, true);
            case STOP -> throw stop(error);
        };
    }

    private TransactionResult broken(RuntimeException error, boolean fenced) {
        sendFailure = null;
        state = State.BROKEN;
        giveUpProducer();
        replacements.needed(error, fenced);
        return TransactionResult.UNSETTLED;
    }

    /**
     * Replaces the producer. The new one has the same transactional id, so that its initialisation finishes or aborts what the
     * old one left, and returns only then.
     */
    private TransactionResult replace() {
        if (!replacements.isDue()) {
            return TransactionResult.UNSETTLED;
        }
        try {
            if (producer == null) {
                producer = producers.get();
            }
            producer.initTransactions();
        } catch (RuntimeException e) {
            return notInitialised(e);
        }
        log.info("Transaction {} goes on with a new producer", transactionalId);
        counts.replaced();
        state = State.IDLE;
        return TransactionResult.IN_OFFSETS;
    }

    private TransactionResult notInitialised(RuntimeException error) {
        if (producer == null && ClientErrors.mayPass(error)) {
            replacements.again();
            return TransactionResult.UNSETTLED;
        }
        Reaction reaction = ClientErrors.ofProducer(error, Call.REPEATABLE);
        log.info("Transactional id {} is not initialised yet: {} ({})", transactionalId, reaction, error.toString());
        return switch (reaction) {
            case SAME_CALL_AGAIN -> TransactionResult.UNSETTLED;
            case ABORT, NEW_PRODUCER -> broken(error, false);
            case NEW_PRODUCER_AFTER_FENCE -> broken(error, true);
            case STOP -> throw stop(error);
        };
    }

    private ProcessorFailedException stop(RuntimeException error) {
        return new ProcessorFailedException(
                "transaction " + transactionalId + " cannot go on: " + error.getMessage(), error);
    }

    /**
     * A member's offsets are checked against its generation; metadata without one (before joining, after leaving) would be
     * accepted unchecked.
     */
    private static boolean hasGeneration(ConsumerGroupMetadata member) {
        return member.generationId() >= 0 && !member.memberId().isEmpty();
    }

    /** Without waiting: what the old producer still has in hand is for the new one, or the coordinator's timeout, to abort. */
    private void giveUpProducer() {
        close(Duration.ZERO);
        producer = null;
    }

    /** Closes the producer within this time. What is open is aborted by whoever has the transactional id next. */
    public void close(Duration timeout) {
        if (producer == null) {
            return;
        }
        try {
            producer.close(timeout);
        } catch (RuntimeException e) {
            log.debug(
                    "Closing the producer of {} failed, which changes nothing for its transaction", transactionalId, e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        return Objects.requireNonNull(producer, "no producer in state " + state);
    }
}
