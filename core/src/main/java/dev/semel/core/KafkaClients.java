package dev.semel.core;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the Kafka clients of a processor, like {@code KafkaClientSupplier} in Kafka Streams: for those who wrap clients, to trace
 * them or to inject faults in tests.
 *
 * <p>A processor has one consumer, one admin client, and one producer at a time; it closes what it was given. Called on the thread
 * that calls {@code start()}, and for producers that replace another on the poll thread.
 */
public interface KafkaClients {

    default Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    default Producer<byte[], byte[]> producer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    default Admin admin(Map<String, Object> config) {
        return Admin.create(config);
    }

    /** Kafka's own clients, as they are. */
    static KafkaClients standard() {
        return new KafkaClients() {};
    }
}
