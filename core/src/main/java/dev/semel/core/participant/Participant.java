package dev.semel.core.participant;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Joins a processor from outside: keeps state for the partitions that it is assigned, has a say in what becomes of each of their
 * records, and adds records of its own to the transactions that carry their offsets.
 *
 * <p>Threading: {@link #start} on the thread that starts the processor, {@link #assigned} on its poll thread, {@link #close} when
 * both have ended.
 */
public interface Participant extends AutoCloseable {

    /**
     * The processor starts: checks what it needs, against the cluster and against the processor's settings, and makes clients of its
     * own. Nothing of a partition is known yet.
     *
     * @param processor the processor, for as long as it runs
     * @throws Exception keeps the processor from starting; its message is the user's
     */
    default void start(Participation processor) throws Exception {}

    /**
     * What it shows among the processor's metrics. Asked for whenever these are read, so that metrics may come and go, for example with
     * partitions: must not block. Called by any thread, after {@link #start} has returned.
     */
    default List<ParticipantMetric> metrics() {
        return List.of();
    }

    /** Whether its partitions keep records that wait or are deferred, and hand them in again. */
    default boolean keepsRecords() {
        return false;
    }

    /**
     * The partition is this processor's from now on. Must not block; what has to be read is read by
     * {@link PartitionParticipant#restore}.
     *
     * @param partition a partition of a source topic
     * @return this assignment of it; one that comes back later is another
     */
    PartitionParticipant assigned(TopicPartition partition);

    /**
     * The processor has ended, or failed to start. Called once for each call of {@link #start}, also where that has thrown; never
     * where the processor has failed before.
     */
    @Override
    default void close() {}
}
