package dev.semel.dlq.internal.inplace;

import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.internal.command.CommandTopics;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether commands can be sent to the owners of source partitions: a client would only wait for a partition that is not there. Each
 * topic is looked at once. For one thread.
 */
final class CommandPaths {

    private final Cluster cluster;
    private final String servers;
    private final Map<String, Integer> partitions = new HashMap<>();

    CommandPaths(Cluster cluster, String servers) {
        this.cluster = cluster;
        this.servers = servers;
    }

    /** @throws LettersRefusedException where there is no way to one of them */
    void check(String group, Collection<TopicPartition> sources) throws Exception {
        for (TopicPartition source : sources) {
            String commands = CommandTopics.commands(group, source.topic());
            int there = partitions(commands);
            if (source.partition() >= there) {
                int wanted = Math.max(partitions(source.topic()), source.partition() + 1);
                throw new LettersRefusedException(
                        "the owner of " + source + " in group " + group + " cannot be asked: "
                                + (there == 0
                                        ? "topic " + commands
                                                + " is missing. Processors of that group make it when they" + " start"
                                        : "topic " + commands + " has " + there
                                                + " partition(s), and takes what is for "
                                                + source + " in that of the same number. Add partitions with:"
                                                + " kafka-topics.sh --bootstrap-server " + servers + " --alter --topic "
                                                + commands + " --partitions " + wanted),
                        null);
            }
        }
    }

    private int partitions(String topic) throws Exception {
        @Nullable Integer known = partitions.get(topic);
        if (known == null) {
            Optional<TopicDescription> there = cluster.topic(topic);
            known = there.map(found -> found.partitions().size()).orElse(0);
            partitions.put(topic, known);
        }
        return known;
    }
}
