package dev.semel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@KafkaTest
class SharedClusterIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Set<String> namesSeen = new HashSet<>();

    private static TestKafka ofTheClass;

    private TestKafka before;

    @BeforeAll
    static void rememberViewOfTheClass(TestKafka kafka) {
        ofTheClass = kafka;
    }

    @BeforeEach
    void rememberView(TestKafka kafka) {
        before = kafka;
    }

    @Test
    void allMethodsOfOneTestShareItsView(TestKafka kafka) {
        assertThat(kafka).isSameAs(before);
    }

    @Test
    void aClassHasNamesOfItsOwnOnTheSameCluster(TestKafka kafka) {
        assertThat(ofTheClass.name("orders")).startsWith("orders-SharedClusterIT-");
        assertThat(ofTheClass.bootstrapServers()).isEqualTo(kafka.bootstrapServers());
    }

    @Nested
    class InANestedClass {

        @Test
        void theClusterIsThatOfTheEnclosingClass(TestKafka kafka) {
            assertThat(kafka).isSameAs(before);
            assertThat(kafka.bootstrapServers()).isEqualTo(ofTheClass.bootstrapServers());
        }
    }

    @RepeatedTest(3)
    void namesAreReadableAndUniquePerTest(TestKafka kafka) {
        assertThat(kafka.name("orders"))
                .startsWith("orders-namesAreReadableAndUniquePerTest-")
                .isEqualTo(kafka.name("orders"));
        assertThat(namesSeen.add(kafka.name("orders"))).isTrue();
    }

    @Test
    void whatWasSentIsReadBackWhole(TestKafka kafka) {
        String topic = kafka.topic("orders");

        kafka.send(topic, "k", "v", new RecordHeader("h", new byte[] {1}));
        kafka.send(topic, null, null);

        List<ConsumerRecord<byte[], byte[]>> records = kafka.readCommitted(topic, 2, SOON);
        assertThat(values(records)).containsExactly("v", null);
        assertThat(records.get(0).key()).isEqualTo("k".getBytes(StandardCharsets.UTF_8));
        assertThat(records.get(0).headers().lastHeader("h").value()).containsExactly(1);
        assertThat(records.get(1).key()).isNull();
    }

    @Test
    void anAbortedTransactionIsNeverSeen(TestKafka kafka) {
        String topic = kafka.topic("orders");
        try (Producer<String, String> producer = transactionalProducer(kafka)) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "aborted"));
            producer.flush(); // else it would never have left the producer
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "committed"));
            producer.commitTransaction();
        }

        List<ConsumerRecord<byte[], byte[]>> records = kafka.readCommitted(topic, 1, SOON);

        assertThat(values(records)).containsExactly("committed");
        assertThat(records.get(0).offset()).as("behind the aborted record").isGreaterThan(0);
    }

    @Test
    void readingWaitsForATransactionThatIsStillUndecidedThoughEnoughIsVisible(TestKafka kafka) {
        String topic = kafka.topic("orders");
        kafka.send(topic, null, "visible");
        try (Producer<String, String> producer = transactionalProducer(kafka)) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "late"));
            producer.flush();

            CompletableFuture<List<ConsumerRecord<byte[], byte[]>>> read =
                    CompletableFuture.supplyAsync(() -> kafka.readCommitted(topic, 1, SOON));
            await().during(Duration.ofMillis(700)).atMost(SOON).until(() -> !read.isDone());
            producer.commitTransaction();

            assertThat(values(read.join())).containsExactly("visible", "late");
        }
    }

    @Test
    void atTheDeadlineTheErrorShowsWhatWasSeenAndWhatIsUndecided(TestKafka kafka) {
        String topic = kafka.topic("orders");
        kafka.send(topic, "k", "visible");
        try (Producer<String, String> producer = transactionalProducer(kafka)) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "undecided"));
            producer.flush();

            assertThatThrownBy(() -> kafka.readCommitted(topic, 2, Duration.ofSeconds(5)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected at least 2 committed record(s) in " + topic)
                    .hasMessageContaining("saw 1")
                    .hasMessageContaining("open transaction?): {" + topic + "-0=1}")
                    .hasMessageContaining("partition 0 offset 0: k = visible");
            producer.abortTransaction();
        }
    }

    @Test
    void committedOffsetsWaitForAnOpenTransaction(TestKafka kafka) {
        TopicPartition partition = new TopicPartition(kafka.topic("orders"), 0);
        String group = kafka.group("inventory");
        assertThat(kafka.committedOffsets(group)).isEmpty();
        try (Producer<String, String> producer = transactionalProducer(kafka)) {
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), groupMetadata(kafka, group));

            CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> offsets =
                    CompletableFuture.supplyAsync(() -> kafka.committedOffsets(group, partition.topic()));
            await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> !offsets.isDone());
            producer.commitTransaction();

            assertThat(offsets.join()).containsExactly(Map.entry(partition, new OffsetAndMetadata(7)));
            assertThat(kafka.committedOffsets(group)).isEqualTo(offsets.join());
        }
    }

    @Test
    void aTopicThatIsDeletedIsGoneAndCanBeMadeAgain(TestKafka kafka) {
        String topic = kafka.topic("orders", 2);
        kafka.deleteTopic(topic);
        assertThatThrownBy(() -> kafka.readCommitted(topic, 0, SOON))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
        kafka.topic("orders", 1);
        kafka.awaitTopic(topic, 1);
    }

    @Test
    void partitionsAreNotTakenAway(TestKafka kafka) {
        String topic = kafka.topic("orders", 2);
        assertThatThrownBy(() -> kafka.addPartitions(topic, 1)).isInstanceOf(InvalidPartitionsException.class);
    }

    @Test
    void whatATestNamedGoesWithIt(TestKafka kafka) throws Exception {
        String topic;
        String group;
        try (TestKafka other = TestKafka.connect(kafka.bootstrapServers(), "other test: (1)")) {
            topic = other.topic("orders");
            group = other.group("inventory");
            other.admin()
                    .alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();
            assertThat(topic).startsWith("orders-other-test-1-");
        }

        String kept = kafka.topic("kept");

        assertThat(kafka.admin().listTopics().names().get()).contains(kept).doesNotContain(topic);
        assertThat(kafka.admin().listGroups().all().get())
                .noneMatch(listed -> listed.groupId().equals(group));
    }

    @Test
    void brokersThatOtherTestsUseCannotBeStopped(TestKafka kafka) {
        assertThat(kafka.brokerIds()).isEmpty();
        assertThatThrownBy(() -> kafka.stopBroker(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be stopped");
        assertThatThrownBy(kafka::startAllBrokers).isInstanceOf(IllegalStateException.class);
    }

    private static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> record.value() == null ? null : new String(record.value(), StandardCharsets.UTF_8))
                .collect(Collectors.toList());
    }

    private static Producer<String, String> transactionalProducer(TestKafka kafka) {
        Map<String, Object> config = kafka.clientConfig();
        config.put("transactional.id", kafka.name("producer"));
        Producer<String, String> producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static ConsumerGroupMetadata groupMetadata(TestKafka kafka, String group) {
        Map<String, Object> config = kafka.clientConfig();
        config.put("group.id", group);
        try (Consumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            return consumer.groupMetadata();
        }
    }
}
