package dev.semel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.testkit.internal.ClassPath;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerProcessIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void whatWasAcknowledgedSurvivesSigkillAndIsServedAtTheSameAddress() {
        try (BrokerProcess broker = BrokerProcess.builder().start();
                TestKafka kafka = TestKafka.connect(broker.bootstrapServers(), "survives");
                Producer<String, String> producer = transactionalProducer(kafka)) {
            String topic = kafka.topic("orders");
            String address = broker.bootstrapServers();
            long firstPid = broker.pid();
            producer.initTransactions();
            commit(producer, topic, "before");
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "undecided"));
            producer.flush();

            broker.kill();
            assertThat(broker.isAlive()).isFalse();
            broker.start();

            assertThat(broker.bootstrapServers()).isEqualTo(address);
            assertThat(broker.pid()).isNotEqualTo(firstPid);
            producer.abortTransaction();
            commit(producer, topic, "after");
            assertThat(kafka.readCommitted(topic, 2, SOON))
                    .extracting(record -> new String(record.value()))
                    .containsExactly("before", "after");
        }
    }

    @Test
    void aGivenDirectoryKeepsItsDataForTheNextBroker(@TempDir Path directory) {
        String topic = "orders";
        try (BrokerProcess broker = BrokerProcess.builder()
                        .directory(directory)
                        .property("auto.create.topics.enable", "true")
                        .start();
                TestKafka kafka = TestKafka.connect(broker.bootstrapServers(), "first")) {
            kafka.send(topic, "k", "kept");
            broker.restart();
            kafka.send(topic, "k", "kept too");
        }
        try (BrokerProcess broker = BrokerProcess.builder()
                        .directory(directory)
                        .heap("256m")
                        .start();
                TestKafka kafka = TestKafka.connect(broker.bootstrapServers(), "second")) {
            assertThat(kafka.readCommitted(topic, 2, SOON)).hasSize(2);
            assertThat(broker.log()).isRegularFile().hasParent(directory);
        }
    }

    @Test
    void aTemporaryDirectoryGoesWithTheBroker() {
        BrokerProcess broker = BrokerProcess.builder().start();
        assertThat(broker.log().getParent()).isDirectory();

        broker.close();

        assertThat(broker.isAlive()).isFalse();
        assertThat(broker.log().getParent()).doesNotExist();
    }

    @Test
    void aBrokerThatCannotStartSaysWhy() {
        assertThatThrownBy(() ->
                        BrokerProcess.builder().property("node.id", "nonsense").start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended instead of serving")
                .hasMessageContaining("nonsense");
    }

    @Test
    void aPortThatIsTakenIsRefused() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> BrokerProcess.builder().port(port).start())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("something listens on port " + port);
        }
    }

    @Test
    void aProgramWithoutJUnitRunsABrokerThatDiesWithIt() {
        String withoutJUnit = Arrays.stream(ClassPath.current().split(File.pathSeparator))
                .filter(entry -> !entry.contains("junit") && !entry.contains("opentest4j"))
                .collect(Collectors.joining(File.pathSeparator));
        try (JavaProcess program =
                JavaProcess.of(Program.class).classPath(withoutJUnit).start()) {
            program.awaitOutput("serving", SOON);
            long brokerPid = Long.parseLong(program.output().replaceAll("(?s).*broker pid (\\d+).*", "$1"));
            assertThat(ProcessHandle.of(brokerPid)).get().matches(ProcessHandle::isAlive);

            program.kill();

            await().atMost(SOON)
                    .until(() -> ProcessHandle.of(brokerPid)
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
        }
    }

    static final class Program {
        public static void main(String[] args) throws InterruptedException {
            BrokerProcess broker = BrokerProcess.builder().start();
            System.out.println("broker pid " + broker.pid());
            System.out.println("serving");
            new CountDownLatch(1).await();
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
