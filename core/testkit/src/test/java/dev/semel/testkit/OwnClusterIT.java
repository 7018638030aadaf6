package dev.semel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OwnClusterIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    @KafkaTest(ownCluster = true)
    void oneNodeKeepsAddressDataAndTransactionsOverAnOutage(TestKafka kafka) {
        surviveAnOutage(kafka);
    }

    @Test
    @KafkaTest(ownCluster = true, brokers = 3)
    void threeNodesKeepAddressesDataAndTransactionsOverAnOutage(TestKafka kafka) {
        surviveAnOutage(kafka);
    }

    private static void surviveAnOutage(TestKafka kafka) {
        String topic = kafka.topic("orders");
        String address = kafka.bootstrapServers();
        try (Producer<String, String> producer = transactionalProducer(kafka)) {
            producer.initTransactions();
            commit(producer, topic, "before");

            kafka.stopAllBrokers();
            assertThatThrownBy(() -> kafka.admin()
                            .describeCluster(new DescribeClusterOptions().timeoutMs(500))
                            .nodes()
                            .get())
                    .isInstanceOf(ExecutionException.class);
            kafka.startAllBrokers();

            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            commit(producer, topic, "after");
        }
        assertThat(kafka.readCommitted(topic, 2, SOON))
                .extracting(record -> new String(record.value()))
                .containsExactly("before", "after");
    }

    @Test
    @KafkaTest(ownCluster = true, brokers = 3)
    void ofThreeNodesAnyOneMayBeDown(TestKafka kafka) {
        String topic = kafka.topic("orders", 3);
        assertThat(kafka.brokerIds()).containsExactly(0, 1, 2);
        try (Producer<String, String> producer = transactionalProducer(kafka)) {
            producer.initTransactions();
            for (int id : kafka.brokerIds()) {
                kafka.stopBroker(id);
                commit(producer, topic, "without " + id);
                kafka.startBroker(id);
            }
        }
        assertThat(kafka.readCommitted(topic, 3, SOON))
                .extracting(record -> new String(record.value()))
                .containsExactlyInAnyOrder("without 0", "without 1", "without 2");
    }

    @Test
    @KafkaTest(ownCluster = true, brokerProperties = "message.max.bytes=2000")
    void brokerPropertiesReachTheBrokers(TestKafka kafka) throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "0");

        Map<ConfigResource, Config> configs =
                kafka.admin().describeConfigs(List.of(broker)).all().get();

        assertThat(configs.get(broker).get("message.max.bytes").value()).isEqualTo("2000");
    }

    /** Each test leaves its brokers stopped, so that one of the two finds what the other has left. */
    @Nested
    @KafkaTest(ownCluster = true)
    class OfAClass {

        @Test
        void brokersThatATestLeftStoppedRunAgainForTheNext(TestKafka kafka) {
            sendAndStop(kafka);
        }

        @Test
        void brokersThatTheOtherTestLeftStoppedRunAgainToo(TestKafka kafka) {
            sendAndStop(kafka);
        }

        private void sendAndStop(TestKafka kafka) {
            String topic = kafka.topic("orders");
            kafka.send(topic, "k", "v");
            kafka.stopAllBrokers();
        }
    }

    private static Producer<String, String> transactionalProducer(TestKafka kafka) {
        Map<String, Object> config = kafka.clientConfig();
        config.put("transactional.id", kafka.name("producer"));
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static void commit(Producer<String, String> producer, String topic, String value) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, value));
        producer.commitTransaction();
    }
}
