package dev.semel.dlq.internal.copy;

import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.LettersUnavailableException;
import dev.semel.dlq.OperatorFencedException;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.clients.ClientErrors;
import dev.semel.dlq.internal.state.StateTopic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one who changes states of a topic's letters: a producer with a transactional id that is the same for all who do. A second one
 * fences the first, which finds out at its next transaction. For one thread.
 */
final class Operator implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Operator.class);

    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration NAMED_WITHIN = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 100;

    private final Producer<byte[], byte[]> producer;
    private final StateTopic states;
    private final String letterTopic;
    private final String redriveId;
    private final Duration deadline;
    private boolean isBroken;
    private long begunAt = Long.MAX_VALUE;

    private Operator(
            Producer<byte[], byte[]> producer,
            StateTopic states,
            String letterTopic,
            String redriveId,
            Duration deadline) {
        this.producer = producer;
        this.states = states;
        this.letterTopic = letterTopic;
        this.redriveId = redriveId;
        this.deadline = deadline;
    }

    /** The transactional id with which the states of a topic's letters are written. */
    static String transactionalId(String letterTopic) {
        return "semel-dlq-" + letterTopic;
    }

    /** Fences whoever was it before. What that one left in a transaction is committed or aborted when this returns. */
    static Operator of(
            Producer<byte[], byte[]> producer,
            StateTopic states,
            String letterTopic,
            String redriveId,
            Duration deadline)
            throws Exception {
        var operator = new Operator(producer, states, letterTopic, redriveId, deadline);
        try {
            operator.answered(producer::initTransactions);
            // Who comes next writes its name behind this; what is before it was written by those who are gone.
            operator.begunAt = states.end();
            return operator;
        } catch (Exception e) {
            operator.isBroken = true;
            operator.close();
            throw e;
        }
    }

    /**
     * Sends records in a transaction.
     *
     * @return which of them, by their number, the cluster would never take, and why: then none was sent
     * @throws OperatorFencedException where somebody else is it now
     */
    Map<Integer, Exception> commit(List<ProducerRecord<byte[], byte[]>> records) {
        Map<Integer, Exception> refused = new ConcurrentHashMap<>();
        try {
            producer.beginTransaction();
            send(records, refused);
            answered(producer::commitTransaction);
            return Map.of();
        } catch (KafkaException e) {
            if (ClientErrors.isFence(e)) {
                isBroken = true;
                throw fenced(e);
            }
            abort(refused.isEmpty());
            if (refused.isEmpty()) {
                throw e;
            }
            return new LinkedHashMap<>(refused);
        }
    }

    /** Not any further than one has failed: each of the others would wait for the cluster again, and all are aborted together. */
    private void send(List<ProducerRecord<byte[], byte[]>> records, Map<Integer, Exception> refused) {
        var failed = new AtomicReference<@Nullable Exception>();
        for (int i = 0; i < records.size(); i++) {
            int number = i;
            producer.send(records.get(i), (metadata, error) -> {
                if (error != null) {
                    failed.compareAndSet(null, error);
                    if (ClientErrors.isRecordsOwn(error)) {
                        refused.put(number, error);
                    }
                }
            });
            @Nullable Exception first = failed.get();
            if (first != null) {
                throw first instanceof KafkaException known ? known : new KafkaException(first);
            }
        }
    }

    /** Commits what the cluster has no reason to refuse. */
    void note(List<ProducerRecord<byte[], byte[]>> records) {
        Map<Integer, Exception> refused = commit(records);
        if (!refused.isEmpty()) {
            throw new LettersRefusedException(
                    "topic " + StateTopic.name(letterTopic) + " refuses what is to be remembered: "
                            + refused.values().iterator().next().getMessage(),
                    null);
        }
    }

    /** The same call is the only one that is allowed while its answer has not come. */
    private void answered(Runnable call) {
        long startedNanos = System.nanoTime();
        while (true) {
            try {
                call.run();
                return;
            } catch (KafkaException e) {
                if (!ClientErrors.isUnanswered(e)) {
                    throw e;
                }
                if (System.nanoTime() - startedNanos > deadline.toNanos()) {
                    isBroken = true;
                    throw e;
                }
                log.info("Asking again after {}", e.toString());
            }
        }
    }

    private void abort(boolean isLast) {
        try {
            if (!isBroken) {
                producer.abortTransaction();
            }
        } catch (KafkaException e) {
            isBroken = true;
            if (!isLast) {
                throw e;
            }
            // What led here is thrown; the next one to begin has the transaction aborted, or the coordinator does by
            // its timeout.
            log.debug("Could not abort", e);
        }
    }

    /** The other one writes who it is right after it has fenced this one. */
    private RuntimeException fenced(KafkaException cause) {
        long startedNanos = System.nanoTime();
        long patienceNanos = Math.min(NAMED_WITHIN.toNanos(), deadline.toNanos());
        try {
            do {
                Optional<StateChange> operator = states.operator(begunAt);
                if (operator.isPresent() && !operator.get().redriveId().equals(redriveId)) {
                    StateChange other = operator.get();
                    return new OperatorFencedException(
                            other.actor() + " has begun to work on the letters of " + letterTopic + " at " + other.at()
                                    + ", as redrive " + other.redriveId()
                                    + ": this one, " + redriveId + ", has ended; what it moved stays moved",
                            cause);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            } while (System.nanoTime() - startedNanos < patienceNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
        return new LettersUnavailableException(
                "the transaction of redrive " + redriveId
                        + " timed out, or somebody who does not say who has begun to work on the letters of "
                        + letterTopic + ": run it again, it goes on where it stopped",
                cause);
    }

    @Override
    public void close() {
        try {
            producer.close(isBroken ? Duration.ZERO : CLOSE);
        } catch (KafkaException e) {
            // What was to be committed is; nothing else is waited for.
            log.debug("Closing the producer", e);
        }
    }
}
