package dev.semel.idempotency.internal.jdbc;

import dev.semel.idempotency.internal.kafka.PatientCluster;
import dev.semel.idempotency.internal.kafka.TopicReplay;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads how far a partition is released. Thread-safe. */
final class ReleasedRestore implements PartitionFacts {

    private static final Logger log = LoggerFactory.getLogger(ReleasedRestore.class);

    private final PatientCluster cluster;
    private final ReleasedTopic topic;
    private final TopicReplay replay;

    ReleasedRestore(PatientCluster cluster, ReleasedTopic topic, TopicReplay replay) {
        this.cluster = cluster;
        this.topic = topic;
        this.replay = replay;
    }

    @Override
    public Known of(TopicPartition partition, Set<Uuid> marked) throws Exception {
        Uuid topicId = cluster.topic(partition.topic()).topicId();
        TopicPartition usual = topic.partitionOf(partition.partition());
        Map<Uuid, Long> released = read(usual, partition);
        for (int i = 0; !released.containsKey(topicId) && i < topic.partitions(); i++) {
            // The first time, and where partitions were added to the topic, so that others were the usual ones.
            if (i != usual.partition()) {
                read(new TopicPartition(topic.name(), i), partition)
                        .forEach((id, offset) -> released.merge(id, offset, Math::max));
            }
        }
        long own = released.getOrDefault(topicId, 0L);
        // Of a topic that went before anything of it was released, only the database knows.
        marked.forEach(id -> released.putIfAbsent(id, 0L));
        released.remove(topicId);
        var gone = new HashMap<Uuid, Long>();
        for (Map.Entry<Uuid, Long> other : released.entrySet()) {
            if (!cluster.isThere(other.getKey())) {
                gone.put(other.getKey(), other.getValue());
            }
        }
        return new Known(topicId, own, gone);
    }

    /** For each topic of the group, by its id, how far the partition with this number is released. */
    private Map<Uuid, Long> read(TopicPartition from, TopicPartition source) throws Exception {
        var released = new HashMap<Uuid, Long>();
        long end = cluster.end(from);
        if (end > 0) {
            replay.replay(
                    from,
                    end,
                    record -> topic.read(record)
                            .filter(entry -> entry.partition() == source.partition())
                            .ifPresent(entry -> released.merge(entry.topicId(), entry.released(), Math::max)),
                    position -> log.debug("Restoring {}: at {} of {} of {}", source, position, end, from));
        }
        return released;
    }
}
