package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.workload.Feed;
import dev.semel.examples.benchmarks.workload.Load;
import dev.semel.examples.benchmarks.workload.Records;
import dev.semel.testkit.BrokerProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/** The one broker, in a JVM of its own, that all contestants of a run share. For one thread. */
public final class Cluster implements AutoCloseable {

    /** The largest heap of the broker. */
    public static final String BROKER_HEAP = "1g";

    private final BrokerProcess broker;
    private final Admin admin;

    private Cluster(BrokerProcess broker) {
        this.broker = broker;
        this.admin = Admin.create(clientConfig());
    }

    /** Starts the broker, with compilers and threads as a broker in production has, and waits until it serves. */
    public static Cluster start() {
        return new Cluster(BrokerProcess.builder()
                .jvmArgs("-XX:TieredStopAtLevel=4")
                .heap(BROKER_HEAP)
                .property("num.network.threads", "3")
                .property("num.io.threads", "8")
                // A long run deletes what was read as it goes.
                .property("log.retention.check.interval.ms", "5000")
                .start());
    }

    /** What connects any client. */
    public Map<String, Object> clientConfig() {
        return new HashMap<>(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Creates a topic that keeps all. */
    public void create(String topic) {
        create(topic, Map.of());
    }

    /** Creates a topic that keeps some hundred megabytes, of whatever time they are. */
    void createShort(String topic) {
        create(
                topic,
                Map.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        "-1",
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        Long.toString(256L * 1024 * 1024),
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Long.toString(64L * 1024 * 1024)));
    }

    private void create(String topic, Map<String, String> configs) {
        answer(admin.createTopics(
                        List.of(new NewTopic(topic, Optional.of(Load.PARTITIONS), Optional.empty()).configs(configs)))
                .all());
    }

    void delete(String topic) {
        answer(admin.deleteTopics(List.of(topic)).all());
    }

    /** Creates a topic with so many records of a load. */
    public void fill(String topic, long records) {
        fill(topic, records, new Load(topic));
    }

    /** Creates a topic with the first of these records. */
    void fill(String topic, long records, Records source) {
        create(topic);
        try (Feed feed = Feed.inBulk(clientConfig(), source)) {
            for (long i = 0; i < records; i++) {
                feed.send(0);
            }
            feed.flush();
        }
    }

    /** Where the partitions of a topic end, what is in open transactions included. */
    Map<TopicPartition, Long> ends(String topic) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions(topic).stream().collect(Collectors.toMap(at -> at, at -> OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        answer(admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, Load.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new RunFailedException("the broker refused: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailedException("interrupted", e);
        }
    }

    @Override
    public void close() {
        // Waiting for processes would be cut short by the interrupt that may have ended the run.
        boolean interrupted = Thread.interrupted();
        try {
            admin.close();
            broker.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
