package dev.semel.idempotency.internal.kafka;

import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.core.participant.topics.CompactedTopics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/** Looks after the topics of marks: each has the partitions of its source topic. For the thread that starts the processor. */
final class MarksTopics {

    /** What is superseded is cleaned only from closed segments, and all of an open one is read by a restore. */
    private static final String SEGMENT_BYTES = Integer.toString(64 * 1024 * 1024);

    private final Cluster cluster;
    private final String servers;
    private final CompactedTopics topics;

    /**
     * @param servers the cluster's address, for the commands in messages
     * @param maxMessageBytes what the topics must take as a record
     */
    MarksTopics(Cluster cluster, String servers, int maxMessageBytes) {
        this.cluster = cluster;
        this.servers = servers;
        this.topics = new CompactedTopics(
                cluster,
                servers,
                Map.of(
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        SEGMENT_BYTES,
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(maxMessageBytes)));
    }

    /**
     * Sees to it that a topic is there, and is as it should be.
     *
     * @param topic its name
     * @param source the topic whose partitions it is about
     * @return whether it was missing and has been made
     * @throws StartupException where it cannot be made, or would lose what is written to it
     */
    boolean prepare(String topic, String source) throws Exception {
        int partitions = partitions(source);
        Optional<TopicDescription> there = topics.find(topic);
        boolean made = there.isEmpty() && topics.create(topic, partitions);
        TopicDescription found = there.isEmpty() ? topics.awaitReady(topic) : there.get();
        checkPartitions(topic, found.partitions().size(), source, partitions);
        topics.check(found);
        return made;
    }

    private int partitions(String source) throws Exception {
        return cluster.topic(source)
                .orElseThrow(() -> new StartupException("source topic " + source + " is not there any more", null))
                .partitions()
                .size();
    }

    private void checkPartitions(String topic, int there, String source, int wanted) {
        if (there != wanted) {
            throw new StartupException(
                    "topic " + topic + " has " + there + " partition(s), its source " + source + " has " + wanted
                            + ", and each belongs to that of the same number: "
                            + (there < wanted
                                    ? "add partitions with: kafka-topics.sh --bootstrap-server " + servers
                                            + " --alter --topic " + topic + " --partitions " + wanted
                                    : "add partitions to " + source + ", or stop the group and delete " + topic
                                            + ", which forgets what is in it"),
                    null);
        }
    }
}
