package dev.semel.core;

import dev.semel.core.failure.ConfigurationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The configurations of a processor's clients: what the user gave, what Semel needs, and what it prefers where the user says
 * nothing. Refuses what would break the guarantee, naming the setting, its value and the rule.
 *
 * <p>A setting may be meant for one client with the prefix {@code consumer.}, {@code producer.} or {@code admin.}.
 */
final class ClientConfigs {

    private static final String CONSUMER = "consumer.";
    private static final String PRODUCER = "producer.";
    private static final String ADMIN = "admin.";
    private static final String TWO_PHASE_COMMIT = "transaction.two.phase.commit.enable";

    private static final int MAX_BLOCK_MS = 5_000;

    /** Four times Kafka's: each poll has its costs, and what is in flight is bounded by other settings. */
    private static final int MAX_POLL_RECORDS = 2_000;

    /**
     * A third of Kafka's. Members learn of a rebalance by a heartbeat's answer, and partitions that move stand still until all
     * have learnt of the second half of it.
     */
    private static final int HEARTBEAT_INTERVAL_MS = 1_000;

    private static final int TRANSACTION_TIMEOUT_MS = 10_000;
    private static final int RETRY_BACKOFF_MS = 10;
    private static final long DEFAULT_BUFFER_BYTES = 32L * 1024 * 1024;
    private static final int DEFAULT_MAX_POLL_INTERVAL_MS = 300_000;

    private final Map<String, Object> given;
    private final String group;
    private final @Nullable String instance;
    private final String transactionalId;

    ClientConfigs(Map<String, Object> given, String group, @Nullable String instance, String transactionalId) {
        this.given = given;
        this.group = group;
        this.instance = instance;
        this.transactionalId = transactionalId;
    }

    String bootstrapServers() {
        return String.valueOf(given.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    }

    String transactionalId() {
        return transactionalId;
    }

    Duration transactionTimeout() {
        return millis(PRODUCER, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
    }

    Duration maxPollInterval() {
        return millis(CONSUMER, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, DEFAULT_MAX_POLL_INTERVAL_MS);
    }

    /** The largest record that the producer may send, if the user said so. */
    @Nullable Integer maxRequestBytes() {
        @Nullable Object value = value(PRODUCER, ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        if (value == null) {
            return null;
        }
        long bytes = number(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, value);
        if (bytes < 0 || bytes > Integer.MAX_VALUE) {
            throw new ConfigurationException("kafka(): " + ProducerConfig.MAX_REQUEST_SIZE_CONFIG + " = " + value
                    + " must be a number of bytes from 0 to " + Integer.MAX_VALUE);
        }
        return (int) bytes;
    }

    boolean isCompressed() {
        @Nullable Object value = value(PRODUCER, ProducerConfig.COMPRESSION_TYPE_CONFIG);
        return value != null && !"none".equals(value.toString());
    }

    void check() {
        if (given.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG) == null) {
            throw new ConfigurationException("kafka(): bootstrap.servers is missing: name the cluster's addresses");
        }
        for (String prefix : List.of(CONSUMER, PRODUCER, ADMIN)) {
            String name = prefix + AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG;
            if (given.get(name) != null) {
                throw new ConfigurationException(
                        "kafka(): " + name + " = " + given.get(name)
                                + " must not be set: a transaction is of one cluster, which bootstrap.servers names for all clients");
            }
        }
        refuseUnless(
                CONSUMER, ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false", "offsets are committed in transactions");
        refuseUnless(
                CONSUMER,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                "aborted records must not be handled");
        refuse(CONSUMER, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "say where a new group starts with startAt(...)");
        refuse(CONSUMER, ConsumerConfig.GROUP_ID_CONFIG, "name the group with group(...)");
        refuse(CONSUMER, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "name the instance with instance(...)");
        refuse(CONSUMER, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, "say how bytes become events with events(...)");
        refuse(
                CONSUMER,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                "say how bytes become events with events(...)");
        refuse(PRODUCER, ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, "say how results become bytes with events(...)");
        refuse(PRODUCER, ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, "say how results become bytes with events(...)");
        refuse(PRODUCER, ProducerConfig.TRANSACTIONAL_ID_CONFIG, "it follows from group(...) and instance(...)");
        refuseUnless(PRODUCER, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true", "transactions need it");
        refuseUnless(PRODUCER, ProducerConfig.ACKS_CONFIG, "all", "transactions need it");
        refuseUnless(
                PRODUCER, TWO_PHASE_COMMIT, "false", "such transactions never expire and would block readers for ever");
        maxRequestBytes();
        checkTimes();
    }

    private void checkTimes() {
        Duration poll = maxPollInterval();
        if (transactionTimeout().compareTo(poll) >= 0) {
            throw new ConfigurationException(
                    "transaction.timeout.ms " + transactionTimeout().toMillis()
                            + " must be less than max.poll.interval.ms " + poll.toMillis()
                            + ": a transaction must not outlive its member");
        }
        Duration block = maxBlock();
        if (block.toMillis() > MAX_BLOCK_MS) {
            throw new ConfigurationException("max.block.ms " + block.toMillis() + " must be at most " + MAX_BLOCK_MS
                    + ": the poll thread must not stand still for longer");
        }
    }

    /** How long a call of the producer blocks at most. */
    Duration maxBlock() {
        return millis(PRODUCER, ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
    }

    Map<String, Object> consumer() {
        Map<String, Object> config = forClient(CONSUMER, ConsumerConfig.configNames());
        config.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        if (!usesNewProtocol(config)) {
            config.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            config.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_INTERVAL_MS);
        }
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        if (instance != null) {
            config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        }
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return config;
    }

    /** For a consumer without a group, which is told where to read. */
    Map<String, Object> reader() {
        Map<String, Object> config = forClient(CONSUMER, ConsumerConfig.configNames());
        config.keySet()
                .removeAll(Set.of(
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG));
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }

    Map<String, Object> producer(int maxRequestBytes) {
        Map<String, Object> config = forClient(PRODUCER, ProducerConfig.configNames());
        config.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
        // A transaction that begins while the markers of the last one are still on their way waits this long to try
        // again.
        config.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, RETRY_BACKOFF_MS);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestBytes);
        config.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(DEFAULT_BUFFER_BYTES, 2L * maxRequestBytes));
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return config;
    }

    Map<String, Object> admin() {
        return forClient(ADMIN, AdminClientConfig.configNames());
    }

    /** A client gets what is meant for it, and of what is meant for all what it or no client of ours knows. */
    private Map<String, Object> forClient(String prefix, Set<String> known) {
        var config = new HashMap<String, Object>();
        given.forEach((name, value) -> {
            if (!isPrefixed(name) && (known.contains(name) || !isKnownToAny(name))) {
                config.put(name, value);
            }
        });
        given.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                config.put(name.substring(prefix.length()), value);
            }
        });
        return config;
    }

    private static boolean isPrefixed(String name) {
        return name.startsWith(CONSUMER) || name.startsWith(PRODUCER) || name.startsWith(ADMIN);
    }

    private static boolean isKnownToAny(String name) {
        return ConsumerConfig.configNames().contains(name)
                || ProducerConfig.configNames().contains(name)
                || AdminClientConfig.configNames().contains(name);
    }

    private static boolean usesNewProtocol(Map<String, Object> config) {
        @Nullable Object protocol = config.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        return protocol != null && GroupProtocol.CONSUMER.name().equalsIgnoreCase(protocol.toString());
    }

    private @Nullable Object value(String prefix, String name) {
        @Nullable Object own = given.get(prefix + name);
        return own == null ? given.get(name) : own;
    }

    private void refuse(String prefix, String name, String instead) {
        @Nullable Object value = value(prefix, name);
        if (value != null) {
            throw new ConfigurationException("kafka(): " + name + " = " + value + " must not be set: " + instead);
        }
    }

    private void refuseUnless(String prefix, String name, String only, String reason) {
        @Nullable Object value = value(prefix, name);
        if (value != null
                && !only.equalsIgnoreCase(value.toString().trim())
                && !(name.equals("acks") && "-1".equals(value.toString().trim()))) {
            throw new ConfigurationException(
                    "kafka(): " + name + " = " + value + " is refused, it must be " + only + ": " + reason);
        }
    }

    private Duration millis(String prefix, String name, int otherwise) {
        @Nullable Object value = value(prefix, name);
        return Duration.ofMillis(value == null ? otherwise : number(name, value));
    }

    private static long number(String name, Object value) {
        try {
            return Long.parseLong(value.toString());
        } catch (NumberFormatException e) {
            throw new ConfigurationException("kafka(): " + name + " = '" + value + "' is no whole number");
        }
    }
}
