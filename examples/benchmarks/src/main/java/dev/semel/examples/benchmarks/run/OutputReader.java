package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.workload.OutputCheck;
import dev.semel.examples.benchmarks.workload.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads an output topic from its beginning at {@code read_committed}, and checks it. For one thread. */
final class OutputReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final OutputCheck check = new OutputCheck();
    private final Consumer<byte[], byte[]> consumer;

    OutputReader(Map<String, Object> cluster, String topic) {
        List<TopicPartition> partitions = Cluster.partitions(topic);
        cluster.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        cluster.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        this.consumer = new KafkaConsumer<>(cluster, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Told of each record when it has become visible. */
    interface Listener {

        /**
         * A record can be read.
         *
         * @param dueNanos when it was to be sent
         * @param seenNanos when the poll that brought it returned
         */
        void seen(long dueNanos, long seenNanos);
    }

    /** Reads what there is, or waits a little for it. */
    void read(Listener listener) {
        var polled = consumer.poll(POLL);
        long seenNanos = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            listener.seen(check.see(record), seenNanos);
        }
    }

    /** How many records were read. */
    long records() {
        return check.records();
    }

    Verdict verdict(long expected) {
        return check.verdict(expected);
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
                        "the output could not be read to its end within " + patience.toSeconds()
                                + " s: a transaction is still open",
                        null);
            }
            read((due, seen) -> {});
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
