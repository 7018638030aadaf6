package dev.semel.core.internal.start;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits where a group starts on topics of which it has no offset yet, before its first member joins. Were it left to each
 * consumer, a crash before the first commit would skip what came meanwhile, and partitions added later could not be told from
 * those of a new group.
 */
public final class StartOffsets {

    private static final Logger log = LoggerFactory.getLogger(StartOffsets.class);

    private static final String GRANT_READ = "grant Read on the group";

    private final Admin admin;
    private final Persistence persistence;
    private final String group;

    public StartOffsets(Admin admin, Persistence persistence, String group) {
        this.admin = admin;
        this.persistence = persistence;
        this.group = group;
    }

    /** Where some partition of a topic has a committed offset, the topic is left as it is. */
    public void settle(Set<String> topics, OffsetSpec spec) {
        Set<String> known = persistence
                .answer(
                        "read the offsets of group " + group,
                        GRANT_READ,
                        timeoutMs -> admin.listConsumerGroupOffsets(
                                        group, new ListConsumerGroupOffsetsOptions().timeoutMs(timeoutMs))
                                .partitionsToOffsetAndMetadata())
                .keySet()
                .stream()
                .map(TopicPartition::topic)
                .collect(Collectors.toSet());
        List<String> unknown =
                topics.stream().filter(topic -> !known.contains(topic)).toList();
        if (!unknown.isEmpty()) {
            commit(unknown, ends(partitions(unknown), spec));
        }
    }

    private List<TopicPartition> partitions(List<String> topics) {
        return persistence
                .answer(
                        "find the topics " + topics,
                        "grant Describe on them",
                        timeoutMs -> admin.describeTopics(topics, new DescribeTopicsOptions().timeoutMs(timeoutMs))
                                .allTopicNames())
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private Map<TopicPartition, OffsetAndMetadata> ends(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, Long> found = offsets(partitions, spec);
        // A time after the last record has no offset: the group then starts behind that record.
        List<TopicPartition> behind = partitions.stream()
                .filter(partition -> found.getOrDefault(partition, -1L) < 0)
                .toList();
        found.putAll(offsets(behind, OffsetSpec.latest()));
        return found.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue())));
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        var asked = partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec));
        var offsets = new HashMap<TopicPartition, Long>();
        persistence
                .answer(
                        "read the offsets of " + partitions,
                        "grant Describe on their topics",
                        timeoutMs -> admin.listOffsets(asked, new ListOffsetsOptions().timeoutMs(timeoutMs))
                                .all())
                .forEach((partition, result) -> offsets.put(partition, result.offset()));
        return offsets;
    }

    private void commit(List<String> topics, Map<TopicPartition, OffsetAndMetadata> offsets) {
        persistence.repeat("commit the start offsets of group " + group, GRANT_READ, timeoutMs -> {
            try {
                var options = new AlterConsumerGroupOffsetsOptions().timeoutMs(timeoutMs);
                Persistence.answer(
                        admin.alterConsumerGroupOffsets(group, offsets, options).all(), timeoutMs);
                log.info("Group {} starts at {}", group, offsets);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownMemberIdException)
                        && !(e.getCause() instanceof GroupNotEmptyException)) {
                    throw e;
                }
                log.warn(
                        "Group {} has members already: what of {} they have not settled is read from the beginning",
                        group,
                        topics);
            }
            return group;
        });
    }
}
