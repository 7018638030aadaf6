package dev.semel.examples.shop.run;

import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.input.InputFile;
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
import java.util.stream.IntStream;
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
final class ShopCluster implements AutoCloseable {

    private static final int ANSWER_SECONDS = 20;

    private static final int MESSAGE_BYTES = 1024 * 1024;

    /** What a dead letter says, at most, about the record in it. */
    private static final int HEADERS_BYTES = 128 * 1024;

    private final String bootstrapServers;
    private final @Nullable BrokerProcess broker;
    private final Admin admin;

    private ShopCluster(String bootstrapServers, @Nullable BrokerProcess broker) {
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

    /** Starts a broker as a process, with its data and log in this directory. */
    static ShopCluster start(Path directory) {
        try {
            BrokerProcess broker = BrokerProcess.builder().directory(directory).start();
            return new ShopCluster(broker.bootstrapServers(), broker);
        } catch (IllegalStateException e) {
            throw new RunFailedException(
                    "the broker did not start; its log is in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Connects to a cluster. */
    static ShopCluster at(String bootstrapServers) {
        var cluster = new ShopCluster(bootstrapServers, null);
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

    void createTopics(ShopNames names) {
        List<NewTopic> topics = names.topics().stream()
                .map(name -> new NewTopic(name, Optional.of(ShopNames.PARTITIONS), Optional.empty())
                        .configs(Map.of(
                                // Restoring and reconciling read everything there ever was.
                                TopicConfig.RETENTION_MS_CONFIG,
                                "-1",
                                TopicConfig.RETENTION_BYTES_CONFIG,
                                "-1",
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                "delete",
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(maxMessageBytes(name, names)))))
                .toList();
        answer("create the topics " + names.topics(), admin.createTopics(topics).all());
    }

    /** A line of a file may be long; what services say of it is not, but for the letter that holds it whole. */
    private static int maxMessageBytes(String topic, ShopNames names) {
        boolean holdsLines = topic.equals(names.orders()) || topic.equals(names.orderLetters());
        boolean holdsLetters = topic.endsWith(".dlq");
        return (holdsLines ? InputFile.MAX_LINE_BYTES + HEADERS_BYTES : MESSAGE_BYTES)
                + (holdsLetters ? HEADERS_BYTES : 0);
    }

    /** Deletes the run's topics, and those in which its groups keep what they know of them. */
    void deleteTopics(ShopNames names) {
        List<String> topics = answer("list the topics", admin.listTopics().names()).stream()
                .filter(topic -> names.topics().contains(topic)
                        || names.groups().stream()
                                .anyMatch(group -> topic.startsWith(group + ".") || topic.startsWith(group + "-")))
                .toList();
        answer("delete the topics " + topics, admin.deleteTopics(topics).all());
    }

    /** Where the partitions of these topics end, what is in open transactions included. */
    Map<TopicPartition, Long> ends(Collection<String> topics) {
        Map<TopicPartition, OffsetSpec> latest = partitions(topics).stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        answer(
                        "list the end offsets of " + topics,
                        admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                                .all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** How many offsets lie between what a group has committed and the ends of a topic. */
    long lag(String group, String topic) {
        Map<TopicPartition, OffsetAndMetadata> committed = answer(
                "read the offsets of group " + group,
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        long lag = 0;
        for (var end : ends(List.of(topic)).entrySet()) {
            @Nullable OffsetAndMetadata offset = committed.get(end.getKey());
            lag += end.getValue() - (offset == null ? 0 : offset.offset());
        }
        return lag;
    }

    static List<TopicPartition> partitions(Collection<String> topics) {
        return topics.stream()
                .flatMap(topic -> IntStream.range(0, ShopNames.PARTITIONS)
                        .mapToObj(partition -> new TopicPartition(topic, partition)))
                .toList();
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
                        + " s to " + what + (cause == null ? "" : ": " + cause),
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
