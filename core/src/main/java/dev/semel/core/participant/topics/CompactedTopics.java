package dev.semel.core.participant.topics;

import dev.semel.core.failure.StartupException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes compacted topics, in which a participant keeps what it has to remember of source partitions, and refuses those that would
 * lose it. For the thread that starts the processor.
 */
public final class CompactedTopics {

    private static final Logger log = LoggerFactory.getLogger(CompactedTopics.class);

    private static final long PAUSE_MS = 100;

    private final Cluster cluster;
    private final String servers;
    private final Map<String, String> settings;

    /**
     * @param servers the cluster's address, for the commands in messages
     * @param settings what topics are made with beside their clean-up policy. A {@code max.message.bytes} is the least that one must have
     *     which is there already
     */
    public CompactedTopics(Cluster cluster, String servers, Map<String, String> settings) {
        this.cluster = cluster;
        this.servers = servers;
        this.settings = new TreeMap<>(settings);
        this.settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /** A topic; empty where there is none of that name. */
    public Optional<TopicDescription> find(String topic) throws Exception {
        try {
            return cluster.topic(topic);
        } catch (AuthorizationException e) {
            throw new StartupException(
                    "no permission to look at topic " + topic
                            + ": grant Describe, Read and Write on it to this principal",
                    e);
        }
    }

    /**
     * Makes a topic.
     *
     * @return whether it was made here, rather than by another instance that starts at the same time
     */
    public boolean create(String topic, int partitions) throws Exception {
        try {
            cluster.create(topic, partitions, settings);
            log.info("Created topic {} with {} partition(s)", topic, partitions);
            return true;
        } catch (TopicExistsException e) {
            return false;
        } catch (InterruptException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new StartupException(
                    "topic " + topic + " is missing and could not be created (" + e.getMessage()
                            + "): grant Create on it, or have it created with: " + command(topic, partitions),
                    e);
        }
    }

    /** What makes a topic by hand. */
    public String command(String topic, int partitions) {
        return "kafka-topics.sh --bootstrap-server " + servers + " --create --topic " + topic + " --partitions "
                + partitions
                + settings.entrySet().stream()
                        .map(setting -> " --config " + setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining());
    }

    /** A topic that was just made is not known to every broker yet, nor has it leaders. */
    public TopicDescription awaitReady(String topic) throws Exception {
        while (true) {
            Optional<TopicDescription> found = find(topic);
            if (found.isPresent()
                    && found.get().partitions().stream().allMatch(partition -> partition.leader() != null)) {
                return found.get();
            }
            if (cluster.patience().isZero() || cluster.patience().isNegative()) {
                throw new StartupException(
                        "topic " + topic
                                + " was created, but has no leader for each of its partitions: look at the brokers",
                        null);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    /**
     * Sees whether a topic may be written and read, and keeps what is written to it.
     *
     * @throws StartupException where it does not
     */
    public void check(TopicDescription topic) throws Exception {
        require(topic, AclOperation.READ);
        require(topic, AclOperation.WRITE);
        Map<String, String> config;
        try {
            config = cluster.config(topic.name());
        } catch (AuthorizationException e) {
            log.warn(
                    "No permission to read the configuration of topic {}: it is not checked that it is compacted, and only that",
                    topic.name());
            return;
        }
        checkCleanup(topic.name(), config);
        checkMaxMessageBytes(topic.name(), config);
    }

    private static void require(TopicDescription topic, AclOperation operation) {
        @Nullable Set<AclOperation> authorized = topic.authorizedOperations();
        if (authorized != null && !authorized.contains(operation)) {
            throw new StartupException(
                    "no permission for " + operation + " on topic " + topic.name() + ": grant it to this principal",
                    null);
        }
    }

    private void checkCleanup(String topic, Map<String, String> config) {
        @Nullable String cleanup = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (cleanup != null && !cleanup.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new StartupException(
                    "topic " + topic + " has cleanup.policy=" + cleanup + ", which "
                            + (cleanup.contains(TopicConfig.CLEANUP_POLICY_DELETE)
                                    ? "deletes what must be remembered"
                                    : "never takes out what is no longer needed")
                            + ": set it with "
                            + alter(topic, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT),
                    null);
        }
    }

    private void checkMaxMessageBytes(String topic, Map<String, String> config) {
        @Nullable String needed = settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        @Nullable String limit = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (needed != null && limit != null && Integer.parseInt(limit) < Integer.parseInt(needed)) {
            throw new StartupException(
                    "topic " + topic + " has max.message.bytes=" + limit + ", and records of up to " + needed
                            + " bytes are written to it: raise it with "
                            + alter(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, needed),
                    null);
        }
    }

    private String alter(String topic, String name, String value) {
        return "kafka-configs.sh --bootstrap-server " + servers + " --alter --entity-type topics --entity-name " + topic
                + " --add-config " + name + "=" + value;
    }
}
