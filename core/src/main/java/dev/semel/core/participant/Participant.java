package dev.semel.core.participant;

import org.apache.kafka.common.TopicPartition;

/**
 * Takes part in what a processor does: so far, in the coming and going of its partitions, for state that belongs to them.
 *
 * <p>A handler that keeps state in memory restores it here, from what its own group has committed, so that what it knows and
 * what Kafka holds are the same whenever a record is handled.
 */
public interface Participant {

    /**
     * The partition is now this processor's. It stays paused until every participant has returned: no record of it is handled
     * before.
     *
     * <p>Called on a thread of the processor's own, not on the poll thread: it may take its time and should use clients of its
     * own. Several partitions are restored at the same time, on threads of their own. The partition's committed offset is stable: no transaction of an
     * earlier owner is still open over it. Interrupted when the partition is lost meanwhile, or the processor closes; what
     * was restored is then of no use, and {@link #released} is called when this method has returned.
     *
     * @param partition a partition of a source topic
     * @param committedOffset where handling will go on; the partition's start where nothing was committed yet
     * @throws Exception stops the processor in state {@code FAILED}, with this as its cause
     */
    default void restore(TopicPartition partition, long committedOffset) throws Exception {}

    /**
     * The partition is no longer this processor's; all handling of its records has ended or no longer counts. Forget what
     * belongs to it. Told once for each assignment, whether its restore ended, failed or was broken off. Must not block: called on the poll thread, or where a restore was broken off, on the thread that ran it. A
     * partition that comes back is restored only after this has returned.
     */
    default void released(TopicPartition partition) {}
}
