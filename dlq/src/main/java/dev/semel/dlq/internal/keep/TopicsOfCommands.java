package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.core.participant.topics.CompactedTopics;
import dev.semel.dlq.internal.clients.ClientErrors;
import dev.semel.dlq.internal.command.AnswerFormat;
import dev.semel.dlq.internal.command.CommandTopics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the topics by which commands come and answers go. One that takes no answer would stop the processor at the first command, and
 * again at each start: it is refused before. For the thread that starts the processor.
 */
final class TopicsOfCommands {

    private static final Logger log = LoggerFactory.getLogger(TopicsOfCommands.class);

    /** What a topic takes unless it is told otherwise. */
    private static final int KAFKAS_MESSAGE_BYTES = 1_048_588;

    /** With what Kafka adds to it. */
    private static final int ANSWER_BYTES = AnswerFormat.MAX_BYTES + 8 * 1024;

    /** Answers are awaited for minutes; the rest is for who looks back. */
    private static final Duration KEPT = Duration.ofDays(7);

    private final Cluster cluster;
    private final CompactedTopics topics;
    private final String servers;
    private final String group;
    private final int maxBytes;

    /** @param maxRecordBytes the largest record that is kept: an edit has one in it */
    TopicsOfCommands(Cluster cluster, CompactedTopics topics, String servers, String group, int maxRecordBytes) {
        this.cluster = cluster;
        this.topics = topics;
        this.servers = servers;
        this.group = group;
        this.maxBytes = Math.max(KAFKAS_MESSAGE_BYTES, maxRecordBytes);
    }

    /** Sees to it that there is a topic for commands about letters of a source topic. */
    void prepare(String source, int partitions) throws Exception {
        prepareTopic(CommandTopics.commands(group, source), partitions);
    }

    /** The same for the answers of a group. */
    void prepareAnswers() throws Exception {
        prepareTopic(CommandTopics.answers(group), 1);
    }

    private void prepareTopic(String topic, int partitions) throws Exception {
        Optional<TopicDescription> there = topics.find(topic);
        if (there.isPresent()) {
            check(topic);
            int found = there.get().partitions().size();
            if (found < partitions) {
                log.warn(
                        "Topic {} has {} partition(s): commands about letters of the others cannot be sent. Add partitions"
                                + " with: {}",
                        topic,
                        found,
                        StoreTopics.command(servers, topic, partitions));
            }
            return;
        }
        Map<String, String> config = Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(KEPT.toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(maxBytes));
        try {
            cluster.create(topic, partitions, config);
            log.info("Created topic {} with {} partition(s)", topic, partitions);
        } catch (Exception e) {
            if (ClientErrors.isThere(e)) {
                log.debug("Topic {} was made by another instance", topic);
            } else if (ClientErrors.isDenied(e)) {
                throw new StartupException(
                        "topic " + topic + ", for commands about letters, is missing and could not be created ("
                                + e.getMessage() + "): grant Create on it, or have it created with: kafka-topics.sh"
                                + " --bootstrap-server " + servers + " --create --topic " + topic + " --partitions "
                                + partitions + " --config retention.ms=" + KEPT.toMillis(),
                        e);
            } else {
                throw e;
            }
        }
        topics.awaitReady(topic);
    }

    private void check(String topic) throws Exception {
        Map<String, String> config;
        try {
            config = cluster.config(topic);
        } catch (Exception e) {
            if (!ClientErrors.isDenied(e)) {
                throw e;
            }
            log.warn("No permission to read the configuration of topic {}: it is not checked", topic);
            return;
        }
        @Nullable String cleanup = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (cleanup != null && cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new StartupException(
                    "topic " + topic + ", for commands about letters, has cleanup.policy=" + cleanup
                            + ", and what has the key of another would be lost: set it with "
                            + alter(topic, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE),
                    null);
        }
        @Nullable String most = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (most != null && Integer.parseInt(most) < ANSWER_BYTES) {
            throw new StartupException(
                    "topic " + topic + ", for commands about letters, has max.message.bytes=" + most
                            + ", and records of up to " + ANSWER_BYTES + " bytes are written to it: raise it with "
                            + alter(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(ANSWER_BYTES)),
                    null);
        }
    }

    private String alter(String topic, String name, String value) {
        return "kafka-configs.sh --bootstrap-server " + servers + " --alter --entity-type topics --entity-name " + topic
                + " --add-config " + name + "=" + value;
    }
}
