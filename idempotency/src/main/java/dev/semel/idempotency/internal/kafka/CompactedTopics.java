package dev.semel.idempotency.internal.kafka;

import dev.semel.core.failure.StartupException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
 * Looks after compacted topics in which a participant keeps what it has to remember of each source partition: makes those that are
 * missing, and refuses those that would lose it. For the thread that starts the processor.
 */
public final class CompactedTopics {

    private static final Logger log = LoggerFactory.getLogger(CompactedTopics.class);

    /** What is superseded is cleaned only from closed segments, and all of an open one is read by a restore. */
    private static final String SEGMENT_BYTES = Integer.toString(64 * 1024 * 1024);

    private static final long PAUSE_MS = 100;

    private final Cluster cluster;
    private final String servers;
    private final int maxMessageBytes;

    /**
     * @param servers the cluster's address, for the commands in messages
     * @param maxMessageBytes what the topics must take as a record
     */
    public CompactedTopics(Cluster cluster, String servers, int maxMessageBytes) {
        this.cluster = cluster;
        this.servers = servers;
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Sees to it that a topic is there, and is as it should be.
     *
     * @param topic its name
     * @param source the topic whose partitions it is about
     * @return whether it was missing and has been made
     * @throws StartupException where it cannot be made, or would lose what is written to it
     */
    public boolean prepare(String topic, String source) throws Exception {
        int partitions = partitions(source);
        @Nullable TopicDescription found = find(topic);
        boolean missing = found == null;
        if (missing) {
            missing = create(topic, partitions);
            found = awaitReady(topic);
        }
        check(topic, source, partitions, found);
        return missing;
    }

    private int partitions(String source) throws Exception {
        return cluster.topic(source)
                .orElseThrow(() -> new StartupException("source topic " + source + " is not there any more", null))
                .partitions()
                .size();
    }

    private @Nullable TopicDescription find(String topic) throws Exception {
        try {
            return cluster.topic(topic).orElse(null);
        } catch (AuthorizationException e) {
            throw new StartupException(
                    "no permission to look at topic " + topic
                            + ": grant Describe, Read and Write on it to this principal",
                    e);
        }
    }

    /** Returns whether it was made here, rather than by another instance that starts at the same time. */
    private boolean create(String topic, int partitions) throws Exception {
        try {
            cluster.create(topic, partitions, wanted());
            log.info("Created topic {} with {} partition(s)", topic, partitions);
            return true;
        } catch (TopicExistsException e) {
            return false;
        } catch (InterruptException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new StartupException(
                    "topic " + topic + " is missing and could not be created (" + e.getMessage()
                            + "): grant Create on it, or have it created with: kafka-topics.sh --bootstrap-server "
                            + servers
                            + " --create --topic " + topic + " --partitions " + partitions + options(),
                    e);
        }
    }

    private Map<String, String> wanted() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.SEGMENT_BYTES_CONFIG,
                SEGMENT_BYTES,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(maxMessageBytes));
    }

    private String options() {
        var options = new StringBuilder();
        wanted().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> options.append(" --config ")
                        .append(entry.getKey())
                        .append('=')
                        .append(entry.getValue()));
        return options.toString();
    }

    /** A topic that was just made is not known to every broker yet, nor has it leaders. */
    private TopicDescription awaitReady(String topic) throws Exception {
        while (true) {
            @Nullable TopicDescription found = find(topic);
            if (found != null && found.partitions().stream().allMatch(partition -> partition.leader() != null)) {
                return found;
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

    private void check(String topic, String source, int partitions, TopicDescription found) throws Exception {
        int there = found.partitions().size();
        if (there != partitions) {
            throw new StartupException(
                    "topic " + topic + " has " + there + " partition(s), its source " + source + " has " + partitions
                            + ", and each belongs to that of the same number: "
                            + (there < partitions
                                    ? "add partitions with: kafka-topics.sh --bootstrap-server " + servers
                                            + " --alter --topic " + topic + " --partitions " + partitions
                                    : "add partitions to " + source + ", or stop the group and delete " + topic
                                            + ", which forgets what is in it"),
                    null);
        }
        require(topic, found.authorizedOperations(), AclOperation.READ);
        require(topic, found.authorizedOperations(), AclOperation.WRITE);
        checkConfig(topic);
    }

    private static void require(String topic, @Nullable Set<AclOperation> authorized, AclOperation operation) {
        if (authorized != null && !authorized.contains(operation)) {
            throw new StartupException(
                    "no permission for " + operation + " on topic " + topic + ": grant it to this principal", null);
        }
    }

    private void checkConfig(String topic) throws Exception {
        Map<String, String> config;
        try {
            config = cluster.config(topic);
        } catch (AuthorizationException e) {
            log.warn(
                    "No permission to read the configuration of topic {}: it is not checked that it is compacted, and only that",
                    topic);
            return;
        }
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
        @Nullable String limit = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (limit != null && Integer.parseInt(limit) < maxMessageBytes) {
            throw new StartupException(
                    "topic " + topic + " has max.message.bytes=" + limit + ", and records of up to " + maxMessageBytes
                            + " bytes are written to it: raise it with "
                            + alter(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes)),
                    null);
        }
    }

    private String alter(String topic, String name, String value) {
        return "kafka-configs.sh --bootstrap-server " + servers + " --alter --entity-type topics --entity-name " + topic
                + " --add-config " + name + "=" + value;
    }
}
