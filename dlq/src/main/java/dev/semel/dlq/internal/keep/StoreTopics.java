package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.core.participant.topics.CompactedTopics;
import dev.semel.dlq.internal.clients.ClientErrors;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the topics in which letters are kept: each has the partitions of its source topic. For the thread that starts the processor. */
final class StoreTopics {

    private static final Logger log = LoggerFactory.getLogger(StoreTopics.class);

    /** What is superseded is cleaned only from closed segments, and all of an open one is read by a restore. */
    private static final String SEGMENT_BYTES = Integer.toString(64 * 1024 * 1024);

    /** What Kafka adds to a record, and the key and the state beside it. */
    private static final int RECORD_OVERHEAD = 8 * 1024;

    private final Participation processor;
    private final KeptSettings settings;
    private final Cluster cluster;
    private final String servers;
    private final CompactedTopics topics;
    private final TopicsOfCommands commands;

    StoreTopics(Participation processor, KeptSettings settings, Cluster cluster) {
        this.processor = processor;
        this.settings = settings;
        this.cluster = cluster;
        this.servers = String.valueOf(processor.adminConfig().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        this.topics = new CompactedTopics(
                cluster,
                servers,
                Map.of(
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        SEGMENT_BYTES,
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(settings.maxRecordBytes() + RECORD_OVERHEAD)));
        this.commands = new TopicsOfCommands(
                cluster, topics, servers, processor.group(), settings.maxRecordBytes() + RECORD_OVERHEAD);
    }

    /** Before anything is created. */
    void checkNames() {
        Set<String> names = new HashSet<>();
        for (String source : processor.topics()) {
            String store = settings.topic(processor.group(), source);
            try {
                Topic.validate(store);
            } catch (RuntimeException e) {
                if (!ClientErrors.isBadName(e)) {
                    throw e;
                }
                throw new StartupException(
                        "no topic can be named '" + store + "', for the letters of " + source + " (" + e.getMessage()
                                + "): name it with storeTopic()",
                        e);
            }
            if (!names.add(store)
                    || processor.topics().contains(store)
                    || processor.deadLetterTopic().equals(Optional.of(store))) {
                throw new StartupException(
                        "topic " + store + ", for the letters of " + source
                                + ", is a source topic or the letter topic, or has those of another source: name one of"
                                + " its own with storeTopic()",
                        null);
            }
        }
    }

    /**
     * Sees to it that the topic for a source is there, and is as it should be.
     *
     * @throws StartupException where it cannot be made, or would lose what is written to it
     */
    void prepare(String source) throws Exception {
        String store = settings.topic(processor.group(), source);
        int partitions = cluster.topic(source)
                .orElseThrow(() -> new StartupException("source topic " + source + " is not there any more", null))
                .partitions()
                .size();
        Optional<TopicDescription> there = topics.find(store);
        boolean made = there.isEmpty() && topics.create(store, partitions);
        TopicDescription found = there.isEmpty() ? topics.awaitReady(store) : there.get();
        checkPartitions(store, found.partitions().size(), source, partitions);
        topics.check(found);
        commands.prepare(source, partitions);
        if (made) {
            warnOfForgotten(source, store);
        }
    }

    /** Sees to it that there is a topic for answers to commands. */
    void prepareAnswers() throws Exception {
        commands.prepareAnswers();
    }

    private void checkPartitions(String store, int there, String source, int wanted) {
        if (there > wanted) {
            throw new StartupException(
                    "topic " + store + " has " + there + " partition(s), its source " + source + " has " + wanted
                            + ", and each belongs to that of the same number: add partitions to " + source
                            + ", or stop the group and delete " + store + ", which forgets its letters",
                    null);
        }
        if (there < wanted) {
            log.warn(
                    "Topic {} has {} partition(s), its source {} has {}: those that were added are not read until it has as"
                            + " many. Keys may have moved to them: when no key waits behind a letter, add partitions with:"
                            + " {}",
                    store,
                    there,
                    source,
                    wanted,
                    command(servers, store, wanted));
        }
    }

    /** What adds partitions by hand. */
    static String command(String servers, String store, int wanted) {
        return "kafka-topics.sh --bootstrap-server " + servers + " --alter --topic " + store + " --partitions "
                + wanted;
    }

    /** What was lettered before is not known. */
    private void warnOfForgotten(String source, String store) throws Exception {
        var handled = new HashMap<TopicPartition, Long>();
        cluster.committed(processor.group()).forEach((partition, offset) -> {
            if (partition.topic().equals(source) && offset > 0) {
                handled.put(partition, offset);
            }
        });
        if (!handled.isEmpty()) {
            log.warn(
                    "Topic {} was missing and has been made, but group {} has committed offsets already ({}): letters from"
                            + " before are not kept here, and nothing waits behind them",
                    store,
                    processor.group(),
                    handled);
        }
    }
}
