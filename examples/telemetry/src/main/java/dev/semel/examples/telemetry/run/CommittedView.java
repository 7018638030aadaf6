package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.Names;
import dev.semel.examples.telemetry.application.OpenWindows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What an outsider sees: reads all topics of a run at {@code read_committed}, as they grow. A thread of its own does the reading; the
 * methods are for the thread that made it.
 */
final class CommittedView implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Ledger ledger;
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::read, "telemetry-view");
    private volatile boolean closing;
    private volatile @Nullable Throwable failure;

    CommittedView(String bootstrapServers, Names names, long windowMillis) {
        this.ledger = new Ledger(names, windowMillis);
        this.partitions = names.topics().stream()
                .map(topic -> new TopicPartition(topic, 0))
                .toList();
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (consumer) {
            consumer.assign(partitions);
            while (!closing) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                synchronized (ledger) {
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        ledger.add(record);
                    }
                }
                partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** What has been read by now, with what is in open windows. */
    Books books(OpenWindows open) {
        synchronized (ledger) {
            return ledger.books(open);
        }
    }

    /** Whether everything before these offsets has been read, and so was committed or aborted. */
    boolean hasReached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    void checkAlive() {
        if (failure != null) {
            throw new RunFailedException("the topics cannot be read any more: " + failure, failure);
        }
    }

    @Override
    public void close() {
        closing = true;
    }
}
