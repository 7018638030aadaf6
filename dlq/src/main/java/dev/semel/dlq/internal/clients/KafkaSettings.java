package dev.semel.dlq.internal.clients;

import dev.semel.core.failure.ConfigurationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The user's settings, and what each client is made with. Immutable. */
public final class KafkaSettings {

    /** Large enough to read a million letters in seconds, and a bound to the memory of doing so. */
    private static final int FETCH_BYTES = 4 * 1024 * 1024;

    private static final int POLL_RECORDS = 2_000;
    private static final int MAX_BLOCK_MS = 15_000;
    private static final int LINGER_MS = 5;
    private static final int BATCH_BYTES = 128 * 1024;
    private static final long BUFFER_BYTES = 64L * 1024 * 1024;
    private static final int REQUEST_BYTES = 1024 * 1024;

    private final Map<String, Object> given;

    public KafkaSettings(Map<String, Object> given) {
        this.given = Map.copyOf(given);
        if (!given.containsKey(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new ConfigurationException("kafka: bootstrap.servers is missing: name the cluster's addresses");
        }
        for (String own : Set.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, ConsumerConfig.GROUP_ID_CONFIG)) {
            if (given.containsKey(own)) {
                throw new ConfigurationException("kafka: " + own + " = " + given.get(own)
                        + " must not be set: it follows from the letter topic, or is not needed");
            }
        }
    }

    /** The cluster's address, for the commands in messages. */
    public String servers() {
        return String.valueOf(given.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    }

    public Map<String, Object> admin() {
        return known(AdminClientConfig.configNames());
    }

    /**
     * A consumer of what is committed, that belongs to no group.
     *
     * @param reset where it reads on from an offset that is not there any more: {@code earliest}, or {@code none} for an exception
     */
    public Consumer<byte[], byte[]> consumer(String reset) {
        Map<String, Object> config = known(ConsumerConfig.configNames());
        config.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * For a transactional producer.
     *
     * @param maxRecordBytes the largest record that it may have to send
     * @param patience how long the cluster may take to answer
     */
    public Map<String, Object> producer(String transactionalId, int maxRecordBytes, Duration patience) {
        Map<String, Object> config = known(ProducerConfig.configNames());
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(MAX_BLOCK_MS, patience.toMillis()));
        config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        config.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
        config.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(REQUEST_BYTES, maxRecordBytes));
        config.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(BUFFER_BYTES, 2L * maxRecordBytes));
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return config;
    }

    /** A client gets what it knows, and what no client knows: that may be for a class which it loads. */
    private Map<String, Object> known(Set<String> names) {
        var config = new HashMap<String, Object>();
        given.forEach((name, value) -> {
            if (names.contains(name) || !isKnownToAny(name)) {
                config.put(name, value);
            }
        });
        return config;
    }

    private static boolean isKnownToAny(String name) {
        return ConsumerConfig.configNames().contains(name)
                || ProducerConfig.configNames().contains(name)
                || AdminClientConfig.configNames().contains(name);
    }
}
