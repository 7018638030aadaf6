package dev.semel.examples.benchmarks.workload;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends a load to its topic. For one thread. */
public final class Feed implements AutoCloseable {

    private final Records records;
    private final Producer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    private Feed(Records records, Producer<byte[], byte[]> producer) {
        this.records = records;
        this.producer = producer;
    }

    /** One that sends as much as it can. */
    public static Feed inBulk(Map<String, Object> cluster, Records records) {
        return new Feed(
                records,
                producer(
                        cluster,
                        Map.of(ProducerConfig.LINGER_MS_CONFIG, 10, ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024)));
    }

    /** One that sends each record when it is due. */
    public static Feed prompt(Map<String, Object> cluster, Records records) {
        return new Feed(records, producer(cluster, Map.of(ProducerConfig.LINGER_MS_CONFIG, 0)));
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> cluster, Map<String, Object> settings) {
        Map<String, Object> config = new HashMap<>(cluster);
        config.putAll(settings);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Sends the next record, without waiting for it.
     *
     * @throws KafkaException where an earlier one could not be sent
     */
    public void send(long dueNanos) {
        producer.send(records.next(dueNanos), (sent, e) -> {
            if (e != null) {
                failure.compareAndSet(null, e);
            }
        });
        check();
    }

    /** Waits until all are acknowledged. */
    public void flush() {
        producer.flush();
        check();
    }

    private void check() {
        @Nullable Exception e = failure.get();
        if (e != null) {
            throw new KafkaException("a record of the load could not be sent", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
