package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.core.participant.topics.CompactedTopics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/** Looks after the topic of what is released, which must not be made anew silently. For the thread that starts the processor. */
final class ReleasedTopics {

    /**
     * What a later record has superseded goes only from segments that are closed, and a restore reads what is there: so these are
     * closed each hour.
     */
    private static final Map<String, String> SETTINGS =
            Map.of(TopicConfig.SEGMENT_MS_CONFIG, "3600000", TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1");

    private final CompactedTopics topics;

    /** @param servers the cluster's address, for commands in messages */
    ReleasedTopics(Cluster cluster, String servers) {
        this.topics = new CompactedTopics(cluster, servers, SETTINGS);
    }

    /** What tells whether a topic that is missing has been there before. */
    @FunctionalInterface
    interface Earlier {
        boolean isKnown() throws Exception;
    }

    /**
     * Sees to it that the topic is there.
     *
     * @param partitions how many it gets, where it is made
     * @param earlier whether there are marks of the topics that are read: then it was there, and must not be made anew silently
     */
    ReleasedTopic prepare(String name, String group, int partitions, Earlier earlier) throws Exception {
        Optional<TopicDescription> there = topics.find(name);
        if (there.isEmpty()) {
            if (earlier.isKnown()) {
                throw gone(name, group, partitions);
            }
            topics.create(name, partitions);
        }
        TopicDescription found = there.isEmpty() ? topics.awaitReady(name) : there.get();
        topics.check(found);
        return new ReleasedTopic(name, group, found.partitions().size());
    }

    private StartupException gone(String name, String group, int partitions) {
        return new StartupException(
                "topic " + name + ", which says what group " + group
                        + " has released, is missing, but there are marks of its"
                        + " events: without it a rewind of the group would send outputs a second time. Bring it back from a"
                        + " mirror. Where there is none, take the marks of what was released off their positions, for each partition:"
                        + " UPDATE semel_mark SET source_offset = -1 - source_offset WHERE scope = '" + group
                        + "' AND source_topic = ... AND source_partition = ... AND source_offset < (the group's committed offset);"
                        + " and create the topic: " + topics.command(name, partitions),
                null);
    }
}
