package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.semel.core.event.RecordPosition;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Letters that the real Kafka Streams writes. */
@KafkaTest
@Timeout(120)
class StreamsLettersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long TIME = 1_700_000_000_000L;

    @TempDir
    Path directory;

    private void runUntil(TestKafka kafka, StreamsBuilder topology, String letters, int written) {
        var properties = new Properties();
        properties.putAll(kafka.clientConfig());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, kafka.group("app"));
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        properties.put("auto.offset.reset", "earliest");
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        properties.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, letters);
        properties.put(
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        properties.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueProcessingExceptionHandler.class);
        try (var streams = new KafkaStreams(topology.build(), properties)) {
            streams.start();
            kafka.readCommitted(letters, written, PATIENCE);
        }
    }

    private static void send(TestKafka kafka, String topic, String... values) {
        for (String value : values) {
            kafka.send(List.of(new ProducerRecord<>(
                    topic,
                    1,
                    TIME,
                    "k".getBytes(),
                    value.getBytes(),
                    List.of(new RecordHeader("ce_id", value.getBytes())))));
        }
    }

    private static int number(String value) {
        return Integer.parseInt(value);
    }

    @Test
    void lettersOfKafkaStreamsAreReadAndRedriven(TestKafka kafka) {
        String orders = kafka.topic("orders", 2);
        String letters = kafka.topic("letters");
        send(kafka, orders, "1", "two", "3", "four");
        var topology = new StreamsBuilder();
        topology.stream(orders, Consumed.with(Serdes.String(), Serdes.String())).mapValues(StreamsLettersIT::number);
        runUntil(kafka, topology, letters, 2);
        try (var reprocessor = DeadLetterReprocessor.open(kafka.clientConfig(), letters)) {
            List<Letter> read = reprocessor.list(all(), 10);
            assertThat(read)
                    .extracting(
                            Letter::format,
                            Letter::origin,
                            letter -> letter.failureClass().name(),
                            Letter::exception,
                            Letter::originalTimestamp)
                    .containsExactly(
                            tuple(
                                    LetterFormat.STREAMS,
                                    new RecordPosition(orders, 1, 1),
                                    "handler_exception",
                                    NumberFormatException.class.getName(),
                                    TIME),
                            tuple(
                                    LetterFormat.STREAMS,
                                    new RecordPosition(orders, 1, 3),
                                    "handler_exception",
                                    NumberFormatException.class.getName(),
                                    TIME));
            assertThat(reprocessor.groups()).hasSize(1);
            assertThat(reprocessor.select(all()).redrive().applied()).isEqualTo(2);
        }
        List<ConsumerRecord<byte[], byte[]>> copies = kafka.readCommitted(orders, 6, PATIENCE).stream()
                .filter(record -> record.partition() == 1 && record.offset() >= 4)
                .toList();
        assertThat(LetterFeed.values(copies)).containsExactly("two", "four");
        assertThat(copies)
                .allSatisfy(copy -> assertThat(LetterFeed.headers(copy)).containsExactly("ce_id"));
    }

    @Test
    void whatCannotBeReadIsTold(TestKafka kafka) {
        String orders = kafka.topic("orders", 2);
        String letters = kafka.topic("letters");
        send(kafka, orders, "1");
        var topology = new StreamsBuilder();
        topology.stream(orders, Consumed.with(Serdes.Integer(), Serdes.String()))
                .foreach((key, value) -> {});
        runUntil(kafka, topology, letters, 1);
        try (var reprocessor = DeadLetterReprocessor.open(kafka.clientConfig(), letters)) {
            assertThat(reprocessor.groups())
                    .extracting(group -> group.failureClass().name())
                    .containsExactly("deserialization_failed");
            assertThat(reprocessor.select(all()).redrive().applied()).isEqualTo(1);
        }
        kafka.readCommitted(orders, 2, PATIENCE);
    }

    @Test
    void aRecordThatFailsBehindARepartitionComesFromAnInternalTopic(TestKafka kafka) {
        String orders = kafka.topic("orders", 2);
        String letters = kafka.topic("letters");
        send(kafka, orders, "1", "two");
        var topology = new StreamsBuilder();
        topology.stream(orders, Consumed.with(Serdes.String(), Serdes.String()))
                .repartition(
                        Repartitioned.with(Serdes.String(), Serdes.String()).withName("again"))
                .mapValues(StreamsLettersIT::number);
        runUntil(kafka, topology, letters, 1);
        try (var reprocessor = DeadLetterReprocessor.open(kafka.clientConfig(), letters)) {
            Letter letter = reprocessor.list(all(), 2).get(0);
            assertThat(letter.origin().topic()).endsWith("-repartition");
            RedriveReport report = reprocessor.select(all()).redrive();
            assertThat(report.applied()).isZero();
            assertThat(report.skipped().keySet())
                    .singleElement()
                    .asString()
                    .contains("internal topic of Kafka Streams");
            assertThat(reprocessor
                            .select(all())
                            .mapOrigin(letter.origin().topic(), orders)
                            .redrive()
                            .applied())
                    .isEqualTo(1);
        }
        assertThat(LetterFeed.values(kafka.readCommitted(orders, 3, PATIENCE)))
                .containsExactlyInAnyOrder("1", "two", "two");
    }
}
