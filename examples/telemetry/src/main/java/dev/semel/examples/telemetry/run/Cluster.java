package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.Names;
import dev.semel.testkit.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** The Kafka of a run: a broker of its own, or a cluster that is there. For one thread. */
final class Cluster implements AutoCloseable {

    /** A line of 8 MiB, and what is said about it. */
    static final int MESSAGE_BYTES = 9 << 20;

    private static final int ANSWER_SECONDS = 20;

    private final String bootstrapServers;
    private final @Nullable BrokerProcess broker;
    private final Admin admin;

    private Cluster(String bootstrapServers, @Nullable BrokerProcess broker) {
        this.bootstrapServers = bootstrapServers;
        this.broker = broker;
        try {
            this.admin = Admin.create(Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    bootstrapServers,
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    ANSWER_SECONDS * 1000 / 2,
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    ANSWER_SECONDS * 1000));
        } catch (KafkaException e) {
            throw unreachable("connect", e.getCause() == null ? e : e.getCause());
        }
    }

    static Cluster open(Optional<String> bootstrapServers, Path directory) {
        if (bootstrapServers.isPresent()) {
            return at(bootstrapServers.get());
        }
        Path data = directory.resolve("broker");
        try {
            BrokerProcess broker = BrokerProcess.builder().directory(data).start();
            return new Cluster(broker.bootstrapServers(), broker);
        } catch (IllegalStateException e) {
            throw new RunFailedException("the broker did not start; its log is in " + data + ": " + e.getMessage(), e);
        }
    }

    private static Cluster at(String bootstrapServers) {
        var cluster = new Cluster(bootstrapServers, null);
        try {
            cluster.answer("reach it", cluster.admin.describeCluster().nodes());
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** The lines are in one partition: in one order. */
    void createTopics(Names names) {
        List<NewTopic> topics = names.topics().stream()
                .map(name -> new NewTopic(name, Optional.of(1), Optional.empty())
                        .configs(Map.of(
                                // Results have the times of their readings, which may be years ago.
                                TopicConfig.RETENTION_MS_CONFIG,
                                "-1",
                                TopicConfig.RETENTION_BYTES_CONFIG,
                                "-1",
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                "delete",
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(MESSAGE_BYTES))))
                .toList();
        answer("create the topics " + names.topics(), admin.createTopics(topics).all());
    }

    /** Deletes the run's topics, and those in which its application keeps its state. */
    void deleteTopics(Names names) {
        List<String> topics = answer("list the topics", admin.listTopics().names()).stream()
                .filter(topic -> names.topics().contains(topic) || topic.startsWith(names.application() + "-"))
                .toList();
        answer("delete the topics " + topics, admin.deleteTopics(topics).all());
    }

    /** Where these topics end, what is in open transactions included. */
    Map<TopicPartition, Long> ends(Collection<String> topics) {
        Map<TopicPartition, OffsetSpec> latest = topics.stream()
                .collect(Collectors.toMap(topic -> new TopicPartition(topic, 0), topic -> OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        answer(
                        "list the end offsets of " + topics,
                        admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                                .all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** How many lines the application has not committed yet. */
    long lag(Names names) {
        var partition = new TopicPartition(names.lines(), 0);
        Map<TopicPartition, OffsetAndMetadata> committed = answer(
                "read the offsets of group " + names.application(),
                admin.listConsumerGroupOffsets(names.application()).partitionsToOffsetAndMetadata());
        @Nullable OffsetAndMetadata offset = committed.get(partition);
        return ends(List.of(names.lines())).getOrDefault(partition, 0L) - (offset == null ? 0 : offset.offset());
    }

    /** Fails where a broker of its own has died. */
    void checkAlive() {
        if (broker != null && !broker.isAlive()) {
            throw new RunFailedException("the broker has died; its log is " + broker.log(), null);
        }
    }

    private <T> T answer(String what, KafkaFuture<T> future) {
        try {
            return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw unreachable(what, e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailedException("interrupted while it tried to " + what, e);
        }
    }

    private RunFailedException unreachable(String what, @Nullable Throwable cause) {
        return new RunFailedException(
                "the cluster at " + bootstrapServers + " could not be used: tried for up to " + ANSWER_SECONDS
                        + " s to " + what + (cause == null ? "" : ": " + cause)
                        + (broker == null ? ". Is it there, and is the address right?" : ""),
                cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        if (broker != null) {
            Uninterrupted.run(() -> {
                // All that is of interest has been read: no need for an orderly stop.
                broker.kill();
                broker.close();
            });
        }
    }
}
