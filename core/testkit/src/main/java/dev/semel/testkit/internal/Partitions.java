package dev.semel.testkit.internal;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** The partitions that topics have. */
final class Partitions {

    private Partitions() {}

    static List<TopicPartition> of(Admin admin, Collection<String> topics) {
        return Answers.of(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }
}
