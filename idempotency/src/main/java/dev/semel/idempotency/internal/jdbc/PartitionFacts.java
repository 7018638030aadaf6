package dev.semel.idempotency.internal.jdbc;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** What Kafka knows of a partition of a source topic. */
interface PartitionFacts {

    /** A partition of a topic, which may be no more. */
    record Place(Uuid topicId, int partition) {}

    /**
     * Asks for as long as it takes; may be interrupted.
     *
     * @param partition its committed offset is stable
     * @param marked places of which there are marks, and that its owner may have to answer for
     */
    Known of(TopicPartition partition, Set<Place> marked) throws Exception;

    /**
     * What is known.
     *
     * @param topicId of its topic
     * @param recorded the offset before which everything is released; empty where nothing is said of that
     * @param gone the same of the marked places in topics that are no more, 0 where nothing is said. Of these the owner of a partition
     *     answers for those with its number, and the owner of partition 0 for those that no partition of its topic has the number of
     */
    record Known(Uuid topicId, OptionalLong recorded, Map<Place, Long> gone) {
        public Known {
            gone = Map.copyOf(gone);
        }

        /** The offset before which everything is released; 0 where nothing is. */
        long released() {
            return recorded.orElse(0);
        }
    }
}
