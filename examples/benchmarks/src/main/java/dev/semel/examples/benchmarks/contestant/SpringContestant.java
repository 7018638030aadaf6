package dev.semel.examples.benchmarks.contestant;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.transaction.KafkaTransactionManager;

/**
 * A batch listener in a container with a Kafka transaction manager: a transaction for each poll, since there is no commit
 * interval for transactions.
 */
final class SpringContestant implements Contestant {

    private final DefaultKafkaProducerFactory<byte[], byte[]> producers;
    private final ConcurrentMessageListenerContainer<byte[], byte[]> container;

    SpringContestant(Settings settings, Meter meter, int consumers) {
        this.producers = new DefaultKafkaProducerFactory<>(
                settings.producer(), new ByteArraySerializer(), new ByteArraySerializer());
        producers.setTransactionIdPrefix(settings.group() + "-");
        var template = new KafkaTemplate<>(producers);

        BatchMessageListener<byte[], byte[]> listener = records -> records.forEach(record -> {
            meter.handle();
            template.send(settings.output(), record.key(), record.value());
        });
        var properties = new ContainerProperties(settings.input());
        properties.setGroupId(settings.group());
        properties.setMessageListener(listener);
        properties.setKafkaAwareTransactionManager(new KafkaTransactionManager<>(producers));

        this.container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(
                        settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                properties);
        container.setConcurrency(consumers);
        container.setBeanName("spring");
    }

    @Override
    public void start() {
        container.start();
    }

    @Override
    public void close() {
        container.stop();
        producers.destroy();
    }
}
