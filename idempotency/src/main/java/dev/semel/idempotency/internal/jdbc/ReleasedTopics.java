package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.failure.StartupException;
import dev.semel.idempotency.internal.kafka.Cluster;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topic of what is released where it is missing, and refuses one that would forget. For the thread that starts. */
final class ReleasedTopics {

    private static final Logger log = LoggerFactory.getLogger(ReleasedTopics.class);

    private static final long PAUSE_MS = 100;

    /**
     * What a later record has superseded goes only from segments that are closed, and a restore reads what is there: so these are
     * closed each hour.
     */
    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_MS_CONFIG,
            "3600000",
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1"));

    private final Cluster cluster;
    private final Supplier<Duration> timeLeft;
    private final String servers;

    /**
     * @param timeLeft for the start
     * @param servers the cluster's address, for commands in messages
     */
    ReleasedTopics(Cluster cluster, Supplier<Duration> timeLeft, String servers) {
        this.cluster = cluster;
        this.timeLeft = timeLeft;
        this.servers = servers;
    }

    /** What tells whether a topic that is missing has been there before. */
    @FunctionalInterface
    interface Earlier {
        boolean isKnown() throws Exception;
    }

    /**
     * Sees to it that the topic is there.
     *
     * @param partitions how many it gets, where it is made
     * @param earlier whether there are marks of the topics that are read: then it was there, and must not be made anew silently
     */
    ReleasedTopic prepare(String name, String group, int partitions, Earlier earlier) throws Exception {
        Optional<TopicDescription> found = cluster.topic(name);
        if (found.isEmpty()) {
            if (earlier.isKnown()) {
                throw gone(name, group, partitions);
            }
            create(name, partitions);
            found = Optional.of(awaitReady(name));
        }
        checkCleanup(name);
        return new ReleasedTopic(name, group, found.get().partitions().size());
    }

    private StartupException gone(String name, String group, int partitions) {
        return new StartupException(
                "topic " + name + ", which says what group " + group
                        + " has released, is missing, but there are marks of its"
                        + " events: without it a rewind of the group would send outputs a second time. Bring it back from a"
                        + " mirror. Where there is none, take the marks of what was released off their positions, for each partition:"
                        + " UPDATE semel_mark SET source_offset = -1 - source_offset WHERE scope = '" + group
                        + "' AND source_topic = ... AND source_partition = ... AND source_offset < (the group's committed offset);"
                        + " and create the topic: " + command(name, partitions),
                null);
    }

    private void create(String name, int partitions) throws Exception {
        try {
            cluster.create(name, partitions, SETTINGS);
            log.info("Created topic {} with {} partition(s)", name, partitions);
        } catch (TopicExistsException e) {
            log.debug("Topic {} was created by another instance a moment ago", name);
        } catch (InterruptException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new StartupException(
                    "topic " + name + " is missing and could not be created (" + e.getMessage()
                            + "): grant Create on it, or have it created: " + command(name, partitions),
                    e);
        }
    }

    private String command(String name, int partitions) {
        return "kafka-topics.sh --bootstrap-server " + servers + " --create --topic " + name + " --partitions "
                + partitions
                + SETTINGS.entrySet().stream()
                        .map(setting -> " --config " + setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining());
    }

    /** A topic that was just made is not known everywhere yet, nor has it leaders. */
    private TopicDescription awaitReady(String name) throws Exception {
        while (true) {
            Optional<TopicDescription> found = cluster.topic(name);
            if (found.isPresent()
                    && found.get().partitions().stream().allMatch(partition -> partition.leader() != null)) {
                return found.get();
            }
            if (timeLeft.get().toMillis() <= PAUSE_MS) {
                throw new StartupException(
                        "topic " + name
                                + " was created, but has no leader for each of its partitions: look at the brokers",
                        null);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    private void checkCleanup(String name) throws Exception {
        @Nullable String cleanup;
        try {
            cleanup = cluster.config(name).get(TopicConfig.CLEANUP_POLICY_CONFIG);
        } catch (AuthorizationException e) {
            log.warn("No permission to read the configuration of topic {}: it must have cleanup.policy=compact", name);
            return;
        }
        if (!TopicConfig.CLEANUP_POLICY_COMPACT.equals(cleanup)) {
            throw new StartupException(
                    "topic " + name + " has cleanup.policy=" + cleanup + ", which "
                            + (Objects.requireNonNullElse(cleanup, "").contains(TopicConfig.CLEANUP_POLICY_DELETE)
                                    ? "deletes what must be remembered"
                                    : "keeps all that is superseded")
                            + ": kafka-configs.sh --bootstrap-server " + servers
                            + " --alter --entity-type topics --entity-name " + name
                            + " --add-config cleanup.policy=compact",
                    null);
        }
    }
}
