package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.workload.WindowCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads results of windows from their beginning at {@code read_committed}, and has them checked. For one thread. */
final class WindowReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final WindowCheck check;
    private final Consumer<byte[], byte[]> consumer;

    WindowReader(Map<String, Object> cluster, String topic, WindowCheck check) {
        this.check = check;
        List<TopicPartition> partitions = Cluster.partitions(topic);
        cluster.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        cluster.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        this.consumer = new KafkaConsumer<>(cluster, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what there is, or waits a little for it. */
    void read() {
        consumer.poll(POLL).forEach(check::see);
    }

    /**
     * Reads up to these offsets.
     *
     * @throws RunFailedException where a transaction stays open before them
     */
    void readTo(Map<TopicPartition, Long> ends, Duration patience) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
            if (System.nanoTime() > deadlineNanos) {
                throw new RunFailedException(
                        "the results could not be read to their end within " + patience.toSeconds()
                                + " s: a transaction is still open",
                        null);
            }
            read();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
