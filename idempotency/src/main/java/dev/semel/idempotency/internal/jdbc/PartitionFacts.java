package dev.semel.idempotency.internal.jdbc;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** What Kafka knows of a partition of a source topic. */
interface PartitionFacts {

    /**
     * Asks for as long as it takes; may be interrupted.
     *
     * @param partition its committed offset is stable
     * @param marked topics of which there are marks, by their ids
     */
    Known of(TopicPartition partition, Set<Uuid> marked) throws Exception;

    /**
     * What is known.
     *
     * @param topicId of its topic
     * @param released the offset before which everything is released; 0 where nothing is
     * @param gone the same of the partitions with this number in topics that the group has released something of, or of which there are
     *     marks, and that are no more, by their ids
     */
    record Known(Uuid topicId, long released, Map<Uuid, Long> gone) {
        public Known {
            gone = Map.copyOf(gone);
        }
    }
}
