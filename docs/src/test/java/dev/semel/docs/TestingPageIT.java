package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.KafkaClients;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.BrokerProcess;
import dev.semel.testkit.ExactlyOnceDelivery;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.Guarantees;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.NothingSilent;
import dev.semel.testkit.PerKeyOrder;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows: brokers that stop and processes that are killed. */
class TestingPageIT {

    // tag::own-cluster[]
    @Test
    @KafkaTest(ownCluster = true, brokers = 3)
    void aStoppedBrokerIsNoLoss(TestKafka kafka) {
        String topic = kafka.topic("orders");
        kafka.stopBroker(kafka.brokerIds().get(0));
        kafka.send(topic, "key", "value");
        kafka.startBroker(kafka.brokerIds().get(0));
        assertThat(kafka.readCommitted(topic, 1, Duration.ofSeconds(60))).hasSize(1);
    }
    // end::own-cluster[]

    @Test
    @KafkaTest
    void aServiceThatIsKilledLosesAndRepeatsNothing(TestKafka kafka) {
        String orders = kafka.topic("orders");
        String results = kafka.topic("results");
        String group = kafka.group("relay");
        int records = 5_000;
        kafka.send(IntStream.range(0, records)
                .mapToObj(i -> new ProducerRecord<byte[], byte[]>(orders, ("" + i).getBytes(UTF_8)))
                .toList());
        // tag::kill[]
        var service = JavaProcess.of(RelayService.class).args(kafka.bootstrapServers(), group, orders, results);
        try (JavaProcess first = service.start()) {
            kafka.readCommitted(results, 1, Duration.ofSeconds(60)); // it is at work
            first.kill(); // SIGKILL
        }
        try (JavaProcess second = service.start()) {
            List<String> values = Topics.values(kafka.readCommitted(results, records, Duration.ofSeconds(60)));
            assertThat(values).hasSize(records).doesNotHaveDuplicates();
        }
        // end::kill[]
        assertThat(kafka.committedOffsets(group, orders).values())
                .extracting(OffsetAndMetadata::offset)
                .containsExactly((long) records);
    }

    @Test
    @KafkaTest
    void aCommitWhoseAnswerIsLostIsNotRepeated(TestKafka kafka) {
        String orders = kafka.topic("orders");
        String results = kafka.topic("results");
        kafka.send(orders, "key", "value");
        // tag::fault[]
        KafkaClients answerLost = new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                return FaultInjection.producer(
                        KafkaClients.super.producer(config),
                        FaultInjection.throwing(
                                Step.COMMIT, Moment.AFTER, 1, () -> new TimeoutException("the answer is lost")));
            }
        };
        // end::fault[]
        try (var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .clients(answerLost)
                .group(kafka.group("group"))
                .topics(orders)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .handler((event, context) -> context.send(results, event.key(), event.value()))
                .build()) {
            processor.start();
            kafka.readCommitted(results, 1, Topics.DEADLINE);
            kafka.send(orders, "key", "the next");
            assertThat(Topics.values(kafka.readCommitted(results, 2, Topics.DEADLINE)))
                    .containsExactly("value", "the next");
        }
    }

    @Test
    @KafkaTest
    void theGuaranteesHoldOverARestart(TestKafka kafka) {
        String orders = kafka.topic("orders", 3);
        String results = kafka.topic("results", 3);
        String letters = kafka.topic("letters", 3, Map.of("max.message.bytes", "2000000"));
        String group = kafka.group("group");
        for (int i = 0; i < 100; i++) {
            kafka.send(orders, "customer-" + i % 10, i % 20 == 0 ? "unpaid" : "paid");
        }
        // tag::guarantees[]
        Guarantees guarantees = Guarantees.on(kafka)
                .inputs(orders)
                .outputs(results)
                .letters(letters)
                .expect(ExactlyOnceDelivery.ofOneOutput(), PerKeyOrder.ofRecordKeys(), NothingSilent.unlessDeclared());
        try (var first = shipping(kafka, group, orders, results, letters)) {
            first.start();
            kafka.readCommitted(results, 1, Duration.ofSeconds(60)); // it is at work
        }
        guarantees.assertSoFar(Duration.ofSeconds(60)); // nothing doubled, nothing out of order
        try (var second = shipping(kafka, group, orders, results, letters)) {
            second.start();
            guarantees.assertComplete(Duration.ofSeconds(60)); // and nothing lost
        }
        // end::guarantees[]
    }

    private static EventProcessor<String, String> shipping(
            TestKafka kafka, String group, String orders, String results, String letters) {
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(orders)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.never().thenDeadLetter(letters))
                .handler((event, context) -> {
                    if (event.value().equals("unpaid")) {
                        throw new IllegalStateException("no payment");
                    }
                    context.send(results, event.key(), "shipped");
                })
                .build();
    }

    @Test
    void aBrokerProcessKeepsWhatItAcknowledged() {
        // tag::broker-process[]
        try (BrokerProcess broker = BrokerProcess.builder().start();
                TestKafka kafka = TestKafka.connect(broker.bootstrapServers(), "my-program")) {
            String topic = kafka.topic("orders");
            kafka.send(topic, "key", "value");
            broker.kill();
            broker.start(); // same address, same data
            assertThat(kafka.readCommitted(topic, 1, Duration.ofSeconds(60))).hasSize(1);
        }
        // end::broker-process[]
    }
}
