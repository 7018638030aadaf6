package dev.semel.idempotency;

import dev.semel.core.participant.Participant;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an event from having its effect twice: of the records of one event, one is handled in a consumer group, and the others are
 * passed over as duplicates. How far that reaches depends on the store.
 *
 * <pre>{@code
 * EventProcessor.<String, OrderEvent>builder()
 *         .participant(Idempotency.with(KafkaIdempotencyStore.retaining(Duration.ofDays(7))))
 * }</pre>
 *
 * <p>Records are of one event where their source and id are equal (the headers {@code ce_source} and {@code ce_id} by default), or
 * else their {@linkplain #key key}. A record that becomes a dead letter or is skipped has had no effect: the next one of its event is
 * handled.
 *
 * <p>The options change nothing here: each gives another. One of these belongs to one processor at a time.
 */
public final class Idempotency implements Participant {

    private final IdempotencyStore store;
    private final IdentityRules rules;
    private @Nullable Participant running;
    private @Nullable String group;
    private int refused;

    private Idempotency(IdempotencyStore store, IdentityRules rules) {
        this.store = store;
        this.rules = rules;
    }

    /** Remembers in this store. */
    public static Idempotency with(IdempotencyStore store) {
        return new Idempotency(Objects.requireNonNull(store, "store"), IdentityRules.standard());
    }

    /** Events are the same where this says the same of them, whatever their source and id. */
    public Idempotency key(KeyExtractor<?, ?> extractor) {
        return new Idempotency(store, rules.withKey(Objects.requireNonNull(extractor, "extractor")));
    }

    /** What to do about events without an id, or without a {@linkplain #key key}; {@link MissingId#POSITION} by default. */
    public Idempotency missingId(MissingId policy) {
        return new Idempotency(store, rules.withMissingId(Objects.requireNonNull(policy, "policy")));
    }

    /**
     * Takes it for a failure, of class {@code payload_mismatch}, where a record of an event that had its effect has other bytes as its
     * value: no retry would change that, and the failure policy decides. By default it is a duplicate. Only for producers that send
     * the same bytes again. A mark that was made without this knows no payload, and matches any.
     */
    public Idempotency comparingPayloads() {
        return new Idempotency(store, rules.withPayloads());
    }

    @Override
    public void start(Participation processor) throws Exception {
        take(processor).start(processor);
    }

    private synchronized Participant take(Participation processor) {
        if (running != null) {
            refused++;
            throw new IllegalStateException("this Idempotency belongs to the running processor of group " + group
                    + ": make another one for the processor of group " + processor.group());
        }
        group = processor.group();
        Participant starting = store.participant(rules);
        running = starting;
        return starting;
    }

    @Override
    public PartitionParticipant assigned(TopicPartition partition) {
        Participant assigned;
        synchronized (this) {
            assigned = Objects.requireNonNull(running, "not started");
        }
        return assigned.assigned(partition);
    }

    @Override
    public synchronized void close() {
        if (refused > 0) {
            // By the processor that was refused: the other one goes on.
            refused--;
        } else if (running != null) {
            running.close();
            running = null;
        }
    }

    @Override
    public String toString() {
        return "Idempotency[" + store + "]";
    }
}
