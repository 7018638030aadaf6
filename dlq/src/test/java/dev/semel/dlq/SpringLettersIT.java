package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static dev.semel.dlq.LetterFilter.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.semel.core.event.RecordPosition;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.kafka.support.serializer.DelegatingByTypeSerializer;
import org.springframework.kafka.support.serializer.ErrorHandlingDeserializer;
import org.springframework.util.backoff.FixedBackOff;

/** Letters that the real Spring Kafka writes. */
@KafkaTest
@Timeout(120)
class SpringLettersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Events are words; what has a question mark in it is none. */
    private static final class Words implements Deserializer<String> {
        @Override
        public String deserialize(String topic, byte[] data) {
            if (new String(data).contains("?")) {
                throw new SerializationException("not a word");
            }
            return new String(data);
        }
    }

    private static void place(ConsumerRecord<String, String> order) {
        if (order.value().startsWith("broken")) {
            throw new IllegalStateException("cannot place " + order.value());
        }
        if (order.value().startsWith("slow")) {
            await(order);
        }
    }

    private static void await(ConsumerRecord<String, String> order) {
        throw new IllegalStateException("no answer for " + order.value());
    }

    private static KafkaMessageListenerContainer<String, String> service(
            TestKafka kafka, String orders, String letters) {
        Map<String, Object> consumer = kafka.clientConfig();
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.group("inventory"));
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        var words = new ErrorHandlingDeserializer<String>(new Words());
        var properties = new ContainerProperties(orders);
        properties.setMessageListener((MessageListener<String, String>) SpringLettersIT::place);
        var container = new KafkaMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(consumer, new StringDeserializer(), words), properties);
        var bytesAndText = new DelegatingByTypeSerializer(
                Map.of(byte[].class, new ByteArraySerializer(), String.class, new StringSerializer()));
        var template = new KafkaTemplate<Object, Object>(
                new DefaultKafkaProducerFactory<>(kafka.clientConfig(), bytesAndText, bytesAndText));
        container.setCommonErrorHandler(new DefaultErrorHandler(
                new DeadLetterPublishingRecoverer(
                        template, (record, failure) -> new TopicPartition(letters, record.partition())),
                new FixedBackOff(0, 0)));
        return container;
    }

    @Test
    void lettersOfSpringKafkaAreReadGroupedAndRedriven(TestKafka kafka) {
        String orders = kafka.topic("orders", 2);
        String letters = kafka.topic("orders-dlt", 2);
        long time = 1_700_000_000_000L;
        for (String order : List.of("broken 1", "slow 2", "fine", "broken 3", "what?")) {
            kafka.send(List.of(new ProducerRecord<>(
                    orders,
                    1,
                    time,
                    "k".getBytes(),
                    order.getBytes(),
                    List.of(new RecordHeader("ce_id", order.getBytes())))));
        }
        var container = service(kafka, orders, letters);
        container.start();
        try {
            kafka.readCommitted(letters, 4, PATIENCE);
        } finally {
            container.stop();
        }
        try (var reprocessor = DeadLetterReprocessor.open(kafka.clientConfig(), letters)) {
            List<Letter> read = reprocessor.list(all(), 10);
            assertThat(read)
                    .extracting(
                            Letter::format,
                            Letter::origin,
                            letter -> letter.failureClass().name())
                    .containsExactly(
                            tuple(LetterFormat.SPRING, new RecordPosition(orders, 1, 0), "handler_exception"),
                            tuple(LetterFormat.SPRING, new RecordPosition(orders, 1, 1), "handler_exception"),
                            tuple(LetterFormat.SPRING, new RecordPosition(orders, 1, 3), "handler_exception"),
                            tuple(LetterFormat.SPRING, new RecordPosition(orders, 1, 4), "deserialization_failed"));
            assertThat(read.get(0))
                    .extracting(Letter::exception, Letter::message, Letter::group, Letter::originalTimestamp)
                    .containsExactly(
                            "java.lang.IllegalStateException", "cannot place broken 1", kafka.group("inventory"), time);
            assertThat(read.get(0).fingerprint()).isEqualTo(read.get(2).fingerprint());
            assertThat(reprocessor.groups()).extracting(LetterGroup::count).containsExactlyInAnyOrder(2L, 1L, 1L);

            assertThat(reprocessor
                            .select(failure("handler_exception"))
                            .redrive()
                            .applied())
                    .isEqualTo(3);
            assertThat(reprocessor
                            .select(failure("deserialization_failed"))
                            .redrive()
                            .applied())
                    .isEqualTo(1);
        }
        List<ConsumerRecord<byte[], byte[]>> all = kafka.readCommitted(orders, 9, PATIENCE);
        List<ConsumerRecord<byte[], byte[]>> copies = all.subList(5, 9);
        assertThat(LetterFeed.values(copies)).containsExactly("broken 1", "slow 2", "broken 3", "what?");
        assertThat(copies).allSatisfy(copy -> {
            assertThat(LetterFeed.headers(copy)).containsExactly("ce_id");
            assertThat(copy.timestamp()).isEqualTo(time);
            assertThat(copy.partition()).isEqualTo(1);
        });
    }

    /** Spring adds to what is there. */
    @Test
    void theFirstOfSeveralOriginsIsTheTrueOneWhenALetterTopicHasALetterTopic(TestKafka kafka) {
        String orders = kafka.topic("orders", 2);
        String letters = kafka.topic("first-dlt", 2);
        String lettersOfLetters = kafka.topic("second-dlt", 2);
        kafka.send(List.of(new ProducerRecord<>(orders, 1, "k".getBytes(), "fine".getBytes())));
        kafka.send(List.of(new ProducerRecord<>(orders, 1, "k".getBytes(), "broken 1".getBytes())));
        var first = service(kafka, orders, letters);
        var second = service(kafka, letters, lettersOfLetters);
        first.start();
        second.start();
        try {
            kafka.readCommitted(lettersOfLetters, 1, PATIENCE);
        } finally {
            second.stop();
            first.stop();
        }
        try (var reprocessor = DeadLetterReprocessor.open(kafka.clientConfig(), lettersOfLetters)) {
            assertThat(reprocessor.list(all(), 10))
                    .extracting(Letter::origin)
                    .containsExactly(new RecordPosition(orders, 1, 1));
        }
    }
}
