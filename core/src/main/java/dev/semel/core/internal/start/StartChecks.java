package dev.semel.core.internal.start;

import dev.semel.core.failure.StartupException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be so before a processor joins its group: the cluster answers, topics are there and may be used, and their limits
 * fit each other.
 */
public final class StartChecks {

    private static final Logger log = LoggerFactory.getLogger(StartChecks.class);

    /** What a letter's own headers take at most, generously: two texts of 8 KiB, in UTF-8, and some names. */
    private static final int LETTER_HEADERS = 64 * 1024;

    private static final int DEFAULT_MAX_REQUEST_BYTES = 1024 * 1024;

    private final Admin admin;
    private final Persistence persistence;
    private final String group;
    private final Set<String> sources;
    private final Optional<String> deadLetterTopic;

    public StartChecks(
            Admin admin, Persistence persistence, String group, Set<String> sources, Optional<String> deadLetterTopic) {
        this.admin = admin;
        this.persistence = persistence;
        this.group = group;
        this.sources = sources;
        this.deadLetterTopic = deadLetterTopic;
    }

    /** Reaches the cluster and looks at topics and group. */
    public void run() {
        persistence.answer(
                "reach the cluster",
                "check that the address is right, that a broker listens there and the network lets this process reach it, and"
                        + " that the security settings are those of its listener",
                timeoutMs -> admin.describeCluster(new DescribeClusterOptions().timeoutMs(timeoutMs))
                        .nodes());
        Map<String, TopicDescription> topics = persistence.answer(
                "find the topics " + topics(),
                "create what is missing and grant Describe on what is there; the group reads from " + sources
                        + deadLetterTopic
                                .map(topic -> " and writes dead letters to " + topic)
                                .orElse(""),
                timeoutMs -> admin.describeTopics(
                                topics(),
                                new DescribeTopicsOptions()
                                        .includeAuthorizedOperations(true)
                                        .timeoutMs(timeoutMs))
                        .allTopicNames());
        for (String source : sources) {
            require(topics, source, AclOperation.READ);
        }
        deadLetterTopic.ifPresent(letters -> {
            require(topics, letters, AclOperation.WRITE);
            checkPartitions(topics, letters);
        });
        checkGroup();
    }

    /**
     * Compares the sizes that source topics, dead-letter topic and producer take.
     *
     * @param chosen the user's {@code max.request.size}, or null
     * @return the producer's {@code max.request.size}: the user's, or enough for a letter of the largest record
     */
    public int maxRequestBytes(@Nullable Integer chosen) {
        Map<String, Map<String, String>> configs = configs();
        int source = sources.stream()
                .mapToInt(topic -> maxMessageBytes(configs, topic))
                .max()
                .orElse(0);
        if (deadLetterTopic.isEmpty()) {
            return chosen == null ? Math.max(DEFAULT_MAX_REQUEST_BYTES, source) : chosen;
        }
        String letters = deadLetterTopic.get();
        checkLetterTopic(configs, letters, source);
        if (chosen != null && chosen < source) {
            throw new StartupException(
                    "max.request.size " + chosen + " is less than the largest record of the source topics, " + source
                            + " bytes: its dead letter could not be written; raise it to " + withHeaders(source),
                    null);
        }
        return chosen == null ? Math.max(DEFAULT_MAX_REQUEST_BYTES, withHeaders(source)) : chosen;
    }

    private void checkLetterTopic(Map<String, Map<String, String>> configs, String letters, int source) {
        int limit = maxMessageBytes(configs, letters);
        if (limit != 0 && limit < source) {
            throw new StartupException(
                    "dead-letter topic " + letters + " takes " + limit
                            + " bytes a record (max.message.bytes), the source"
                            + " topics up to " + source + ": raise it to " + withHeaders(source)
                            + ", which leaves room for a letter's headers",
                    null);
        }
        if (limit != 0 && limit < withHeaders(source)) {
            log.warn(
                    "Dead-letter topic {} takes {} bytes a record, the source topics up to {}: letters of the largest records"
                            + " will be written without the bytes, since headers come on top; raise its max.message.bytes to {}",
                    letters,
                    limit,
                    source,
                    withHeaders(source));
        }
        @Nullable String cleanup = configs.getOrDefault(letters, Map.of()).get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (cleanup != null && cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new StartupException(
                    "dead-letter topic " + letters + " has cleanup.policy=" + cleanup
                            + ", which deletes letters that share a" + " key: set it to delete",
                    null);
        }
    }

    /**
     * Joining needs Read on the group, and no question to the broker tells of it before the group exists. So one is asked that
     * needs it and changes nothing: to remove a member that cannot be there.
     */
    private void checkGroup() {
        var nobody = new RemoveMembersFromConsumerGroupOptions(
                List.of(new MemberToRemove("semel-permission-check-" + UUID.randomUUID())));
        persistence.repeat("use group " + group, "grant Read on the group", timeoutMs -> {
            try {
                Persistence.answer(
                        admin.removeMembersFromConsumerGroup(group, nobody.timeoutMs(timeoutMs))
                                .all(),
                        timeoutMs);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownMemberIdException)
                        && !(e.getCause() instanceof GroupIdNotFoundException)) {
                    throw e;
                }
            }
            return group;
        });
    }

    private static int withHeaders(int bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (long) bytes + LETTER_HEADERS);
    }

    private Set<String> topics() {
        return Stream.concat(sources.stream(), deadLetterTopic.stream()).collect(Collectors.toSet());
    }

    private static void require(Map<String, TopicDescription> topics, String topic, AclOperation operation) {
        @Nullable Set<AclOperation> authorized = description(topics, topic).authorizedOperations();
        if (authorized != null && !authorized.contains(operation)) {
            throw new StartupException(
                    "no permission for " + operation + " on topic " + topic + ": grant it to this principal", null);
        }
    }

    private static TopicDescription description(Map<String, TopicDescription> topics, String topic) {
        return Objects.requireNonNull(topics.get(topic), topic);
    }

    private void checkPartitions(Map<String, TopicDescription> topics, String letters) {
        int available = description(topics, letters).partitions().size();
        for (String source : sources) {
            int needed = description(topics, source).partitions().size();
            if (available < needed) {
                throw new StartupException(
                        "dead-letter topic " + letters + " has " + available + " partition(s), source topic " + source
                                + " has " + needed
                                + ": a letter keeps its source's partition number, so add partitions",
                        null);
            }
        }
    }

    /** Of each topic that may be looked at; without permission for that, limits are found out by the first refusal. */
    private Map<String, Map<String, String>> configs() {
        var resources = topics().stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        var configs = new TreeMap<String, Map<String, String>>();
        try {
            persistence
                    .answer(
                            "read the configuration of the topics",
                            "see the cause",
                            timeoutMs -> admin.describeConfigs(
                                            resources, new DescribeConfigsOptions().timeoutMs(timeoutMs))
                                    .all())
                    .forEach((resource, config) -> configs.put(
                            resource.name(),
                            config.entries().stream()
                                    .filter(entry -> entry.value() != null)
                                    .collect(Collectors.toMap(entry -> entry.name(), entry -> entry.value()))));
        } catch (StartupException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            log.warn("No permission to read the configuration of {}: their limits are not compared", topics());
        }
        return configs;
    }

    private static int maxMessageBytes(Map<String, Map<String, String>> configs, String topic) {
        return Integer.parseInt(
                configs.getOrDefault(topic, Map.of()).getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "0"));
    }
}
