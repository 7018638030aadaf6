package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.participant.topics.PatientCluster;
import dev.semel.core.participant.topics.TopicReplay;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
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
    public Known of(TopicPartition partition, Set<Place> marked) throws Exception {
        TopicDescription source = cluster.topic(partition.topic());
        var own = new Place(source.topicId(), partition.partition());
        Set<Place> gone = gone(own, source.partitions().size(), marked);
        var sought = new HashSet<>(gone);
        sought.add(own);
        TopicPartition usual = topic.partitionOf(own.partition());
        Map<Place, Long> released = read(usual, sought);
        if (!sought.stream()
                .allMatch(place -> released.containsKey(place) && topic.isAlwaysIn(usual, place.partition()))) {
            for (int i = 0; i < topic.partitions(); i++) {
                if (i != usual.partition()) {
                    read(new TopicPartition(topic.name(), i), sought)
                            .forEach((place, offset) -> released.merge(place, offset, Math::max));
                }
            }
        }
        @Nullable Long recorded = released.get(own);
        var releasedOfGone = new HashMap<Place, Long>();
        gone.forEach(place -> releasedOfGone.put(place, released.getOrDefault(place, 0L)));
        return new Known(
                own.topicId(), recorded == null ? OptionalLong.empty() : OptionalLong.of(recorded), releasedOfGone);
    }

    /** The places that this one answers for in topics that are no more. */
    private Set<Place> gone(Place own, int partitions, Set<Place> marked) throws Exception {
        var there = new HashMap<Uuid, Boolean>();
        there.put(own.topicId(), true);
        var gone = new HashSet<Place>();
        for (Place place : marked) {
            // Nobody need own a number that the topic does not have.
            boolean answered =
                    place.partition() == own.partition() || (own.partition() == 0 && place.partition() >= partitions);
            if (answered) {
                if (!there.containsKey(place.topicId())) {
                    there.put(place.topicId(), cluster.isThere(place.topicId()));
                }
                if (!there.getOrDefault(place.topicId(), true)) {
                    gone.add(place);
                }
            }
        }
        return gone;
    }

    /** How far places are released, as one partition of the topic has it. */
    private Map<Place, Long> read(TopicPartition from, Set<Place> sought) throws Exception {
        var released = new HashMap<Place, Long>();
        long end = cluster.end(from);
        if (end > 0) {
            replay.replay(
                    from,
                    end,
                    record -> topic.read(record)
                            .filter(entry -> sought.contains(entry.place()))
                            .ifPresent(entry -> released.merge(entry.place(), entry.released(), Math::max)),
                    position -> log.debug("Restoring {}: at {} of {} of {}", sought, position, end, from));
        }
        return released;
    }
}
