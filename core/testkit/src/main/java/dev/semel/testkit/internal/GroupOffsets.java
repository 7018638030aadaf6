package dev.semel.testkit.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads committed offsets of consumer groups that no open transaction is about to change.
 *
 * <p>Asked for stable offsets, an admin client leaves out the partitions whose offsets are not stable, without a word. So
 * they are asked for by name, and again until none is left out; a partition without an offset is in the answer, with null.
 */
public final class GroupOffsets {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Admin admin;

    /**
     * A reader for one cluster.
     *
     * @param admin a client of the cluster
     */
    public GroupOffsets(Admin admin) {
        this.admin = admin;
    }

    /**
     * Asks for the offsets of a group.
     *
     * @param group its name
     * @param topics the topics to ask for; if empty, all of which the group has an offset
     * @return partitions with a committed offset
     */
    public Map<TopicPartition, OffsetAndMetadata> committed(String group, Collection<String> topics) {
        Collection<TopicPartition> partitions = topics.isEmpty()
                ? ask(group, new ListConsumerGroupOffsetsSpec(), false).keySet()
                : Partitions.of(admin, topics);
        if (partitions.isEmpty()) {
            return Map.of();
        }
        ListConsumerGroupOffsetsSpec spec = new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
        Deadline deadline = Deadline.in(PATIENCE);
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> stable = ask(group, spec, true);
            Set<TopicPartition> unstable = new HashSet<>(partitions);
            unstable.removeAll(stable.keySet());
            if (unstable.isEmpty()) {
                stable.values().removeIf(Objects::isNull);
                return stable;
            }
            if (!deadline.pause()) {
                throw new TimeoutException("the offsets of group " + group + " for " + unstable
                        + " were still part of an open transaction after " + PATIENCE);
            }
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> ask(
            String group, ListConsumerGroupOffsetsSpec spec, boolean requireStable) {
        try {
            return new HashMap<>(Answers.of(admin.listConsumerGroupOffsets(
                            Map.of(group, spec), new ListConsumerGroupOffsetsOptions().requireStable(requireStable))
                    .partitionsToOffsetAndMetadata(group)));
        } catch (GroupIdNotFoundException e) {
            // A group comes to be with its first member or commit: so far it has committed nothing.
            Map<TopicPartition, OffsetAndMetadata> nothing = new HashMap<>();
            if (spec.topicPartitions() != null) {
                spec.topicPartitions().forEach(partition -> nothing.put(partition, null));
            }
            return nothing;
        }
    }
}
