package dev.semel.testkit.internal;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Waits until brokers know a topic that the controller has just created. */
public final class TopicReadiness {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TopicReadiness() {}

    /**
     * Waits until every partition has a leader.
     *
     * @param admin a client of the cluster
     * @param topic the new topic
     * @param partitions how many it has
     */
    public static void await(Admin admin, String topic, int partitions) {
        Deadline deadline = Deadline.in(PATIENCE);
        while (!ready(admin, topic, partitions)) {
            if (!deadline.pause()) {
                throw new IllegalStateException(
                        "topic " + topic + " was created, but after " + PATIENCE + " it still lacks a leader");
            }
        }
    }

    private static boolean ready(Admin admin, String topic, int partitions) {
        try {
            TopicDescription description = Answers.of(
                            admin.describeTopics(List.of(topic)).allTopicNames())
                    .get(topic);
            return description != null
                    && description.partitions().size() == partitions
                    && description.partitions().stream().allMatch(TopicReadiness::hasLeader);
        } catch (UnknownTopicOrPartitionException e) {
            return false; // The broker that was asked has not heard of it yet.
        }
    }

    private static boolean hasLeader(TopicPartitionInfo partition) {
        return partition.leader() != null && !partition.leader().isEmpty();
    }
}
