package dev.semel.testkit.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Waits until brokers that came back have caught up. Before that, partitions that ask for two replicas in sync refuse
 * writes, and Kafka's own state, such as that of transactions, then takes its retries' and timeouts' time to go on.
 */
final class InSync {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private InSync() {}

    static void await(Admin admin, Set<Integer> running) {
        Deadline deadline = Deadline.in(PATIENCE);
        while (!inSync(admin, running)) {
            if (!deadline.pause()) {
                throw new IllegalStateException(
                        "the replicas on brokers " + running + " were not in sync within " + PATIENCE);
            }
        }
    }

    private static boolean inSync(Admin admin, Set<Integer> running) {
        try {
            Set<String> topics = Answers.of(
                    admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
            Collection<TopicDescription> descriptions =
                    Answers.of(admin.describeTopics(topics).allTopicNames()).values();
            return descriptions.stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> inSync(partition, running));
        } catch (KafkaException e) {
            return false; // Brokers that have just started may not know the topics or each other yet.
        }
    }

    private static boolean inSync(TopicPartitionInfo partition, Set<Integer> running) {
        Set<Integer> lagging = new HashSet<>(running);
        lagging.retainAll(partition.replicas().stream().map(Node::id).toList());
        partition.isr().forEach(node -> lagging.remove(node.id()));
        return partition.leader() != null && running.contains(partition.leader().id()) && lagging.isEmpty();
    }
}
