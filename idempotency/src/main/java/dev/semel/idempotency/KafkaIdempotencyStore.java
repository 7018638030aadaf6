package dev.semel.idempotency;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.participant.Participant;
import dev.semel.idempotency.internal.Retention;
import dev.semel.idempotency.internal.kafka.KafkaMarks;
import dev.semel.idempotency.internal.kafka.KafkaMarksSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in Kafka which events had their effect: in a compacted topic beside each source topic, in the transaction that also
 * carries what the handler sent and the offset. For handlers whose effect are the records that they send.
 *
 * <h2>What it guarantees, and where that ends</h2>
 *
 * <p>Of the records of one event <em>in one partition of a source topic</em>, one has its effect, through crashes, rebalances, aborted
 * transactions and rewinds of the group, for as long as events are remembered. Records of one event in several partitions, or in
 * several topics, are not its business: a producer that sends an event again has to keep its key, and adding partitions to a topic
 * moves keys. Only a database sees all of them. An effect outside Kafka is not covered either.
 *
 * <p>An event is remembered until both the wall clock and the time of the records have gone on by the retention, so that a
 * consumer that was down for longer than that still knows the duplicates in its backlog. Where the records' timestamps do not move on,
 * nothing is forgotten.
 *
 * <h2>What it costs</h2>
 *
 * <p>About 30 bytes of memory for each event that is remembered, 40 with {@link Idempotency#comparingPayloads payloads}, on the
 * instance that the partition is assigned to; 16 bytes (24) in the topic. An instance that is assigned a partition reads its marks
 * before it handles the first record.
 *
 * <p>Events are told apart by 128 bits of a SHA-256: among 10 million that are remembered, the chance that any two are taken for
 * one is 1.5 * 10<sup>-25</sup>.
 *
 * <p>Immutable; each method gives another store.
 */
public final class KafkaIdempotencyStore implements IdempotencyStore {

    private final Retention retention;
    private final Map<String, String> marksTopics;

    private KafkaIdempotencyStore(Retention retention, Map<String, String> marksTopics) {
        this.retention = retention;
        this.marksTopics = marksTopics;
    }

    /**
     * Remembers events for this long after their effect. The processor refuses to start where duplicates may come later: after a
     * crash, from the dead-letter topic as long as that keeps letters, or as is declared with the other methods.
     *
     * @param retention from 1 second to 100 years
     * @throws ConfigurationException where it is not
     */
    public static KafkaIdempotencyStore retaining(Duration retention) {
        return new KafkaIdempotencyStore(
                new Retention(Objects.requireNonNull(retention, "retention"), null, null, null), Map.of());
    }

    /**
     * Declares that dead letters are redriven within this time or never. Unless declared, it is the {@code retention.ms} of their topic,
     * and has to be declared where that has no limit or is compacted only. Brokers delete a segment at a time: letters that are redriven
     * when they are older than the topic's {@code retention.ms} are not covered.
     *
     * @throws ConfigurationException where it is not positive
     */
    public KafkaIdempotencyStore deadLettersRedrivenWithin(Duration time) {
        return with(Objects.requireNonNull(time, "time"), retention.redelivered(), retention.replayed());
    }

    /**
     * Declares that producers send an event again within this time or never; by default nothing is said about it.
     *
     * @throws ConfigurationException where it is not positive
     */
    public KafkaIdempotencyStore redeliveredWithin(Duration time) {
        return with(retention.redriven(), Objects.requireNonNull(time, "time"), retention.replayed());
    }

    /**
     * Declares that the group is set back, or events are copied into the topic again, within this time after their effect or never; by
     * default nothing is said about it.
     *
     * @throws ConfigurationException where it is not positive
     */
    public KafkaIdempotencyStore replayedWithin(Duration time) {
        return with(retention.redriven(), retention.redelivered(), Objects.requireNonNull(time, "time"));
    }

    private KafkaIdempotencyStore with(
            @Nullable Duration redriven, @Nullable Duration redelivered, @Nullable Duration replayed) {
        return new KafkaIdempotencyStore(
                new Retention(retention.duration(), redriven, redelivered, replayed), marksTopics);
    }

    /**
     * Names the topic in which the marks of a source topic are kept; by default {@code <group>.<topic>.marks}. It belongs to this
     * group and source topic alone, has as many partitions as the source topic, and {@code cleanup.policy=compact}; it is created
     * where it is missing.
     *
     * @throws ConfigurationException where a name is blank
     */
    public KafkaIdempotencyStore marksTopic(String sourceTopic, String marksTopic) {
        if (sourceTopic.isBlank() || marksTopic.isBlank()) {
            throw new ConfigurationException(
                    "marksTopic: '" + sourceTopic + "', '" + marksTopic + "' must not be blank");
        }
        var all = new HashMap<>(marksTopics);
        all.put(sourceTopic, marksTopic);
        return new KafkaIdempotencyStore(retention, Map.copyOf(all));
    }

    @Override
    public Participant participant(IdentityRules rules) {
        return new KafkaMarks(
                new KafkaMarksSettings(retention, marksTopics, rules.comparesPayloads()), rules::identify);
    }

    @Override
    public String toString() {
        return "KafkaIdempotencyStore[retaining " + retention.duration() + "]";
    }
}
