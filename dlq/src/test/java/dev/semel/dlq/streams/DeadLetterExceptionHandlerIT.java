package dev.semel.dlq.streams;

import static dev.semel.dlq.streams.FussySerde.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What needs a broker: partitions, transactions, and outputs that are refused. */
@KafkaTest
class DeadLetterExceptionHandlerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String HUGE = "huge ".repeat(20_000);

    @TempDir
    private Path directory;

    @Test
    void eachHandlersLetterLiesInThePartitionOfItsSource(TestKafka kafka) {
        var orders = new Orders(kafka, Map.of());
        var headers = new RecordHeaders().add("large", new byte[100 * 1024]);
        kafka.send(IntStream.range(0, 3)
                .boxed()
                .flatMap(partition -> List.of("unreadable", "fine", "unhandled", "unwritable").stream()
                        .map(value -> new ProducerRecord<>(
                                orders.in, partition, null, bytes("k"), bytes(value + " " + partition), headers)))
                .toList());

        orders.run(LetteringApp.topology(orders.in, orders.out), streams -> orders.awaitHandled(12));

        assertThat(values(kafka.readCommitted(orders.out, 3, PATIENCE)))
                .containsExactlyInAnyOrder("fine 0", "fine 1", "fine 2");
        List<ConsumerRecord<byte[], byte[]>> letters = kafka.readCommitted(orders.letters, 9, PATIENCE);
        assertThat(letters).hasSize(9).allSatisfy(letter -> {
            DeadLetter read = DeadLetter.of(letter).orElseThrow();
            assertThat(read.origin()).isEqualTo(new TopicPartition(orders.in, letter.partition()));
            assertThat(new String(letter.value(), UTF_8)).endsWith(" " + letter.partition());
            assertThat(letter.headers().lastHeader("large").value()).hasSize(100 * 1024);
            assertThat(letter.timestamp())
                    .as("published after the fault")
                    .isGreaterThanOrEqualTo(read.originalTimestamp());
        });
        assertThat(letters.stream()
                        .map(letter -> DeadLetter.of(letter).orElseThrow().failureClass()))
                .contains(
                        FailureClass.DESERIALIZATION_FAILED,
                        FailureClass.HANDLER_EXCEPTION,
                        FailureClass.OUTPUT_REJECTED);
    }

    @Test
    void aWindowBehindARepartitionHasTheInternalTopicForItsOrigin(TestKafka kafka) {
        var orders = new Orders(kafka, Map.of());
        var builder = new StreamsBuilder();
        builder.<String, String>stream(orders.in)
                .map((key, value) -> KeyValue.pair(value, value))
                .groupByKey(Grouped.as("minutes"))
                .windowedBy(TimeWindows.ofSizeWithNoGrace(Duration.ofMinutes(1)))
                .aggregate(() -> "", (key, value, sum) -> sum + FussySerde.handle(value))
                .toStream((window, value) -> window.key())
                .to(orders.out);
        kafka.send(orders.in, "k", "unhandled");
        kafka.send(orders.in, "k", "fine");

        List<ConsumerRecord<byte[], byte[]>> letters = orders.run(builder.build(), streams -> {
            assertThat(values(kafka.readCommitted(orders.out, 1, PATIENCE))).containsExactly("fine");
            return kafka.readCommitted(orders.letters, 1, PATIENCE);
        });

        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isEqualTo(bytes("unhandled"));
            assertThat(DeadLetter.of(letter).orElseThrow().origin().topic())
                    .isEqualTo(orders.application + "-minutes-repartition");
        });
    }

    /** The producer has given the transaction up: a letter in it would be gone, and the record with it. */
    @Test
    void anOutputThatIsTooLargeStopsATransactionAndLosesNothing(TestKafka kafka) {
        var orders = new Orders(kafka, Map.of());
        orders.config.put(StreamsConfig.producerPrefix("max.request.size"), 50_000);
        kafka.send(orders.in, "k", "large");

        List<String> said = errorsWhile(() -> orders.run(growing(orders), streams -> awaitStopped(streams)));

        assertThat(said).anySatisfy(line -> assertThat(line).contains("gave up the transaction", orders.in));
        assertThat(kafka.readCommitted(orders.letters, 0, PATIENCE)).isEmpty();
        assertThat(orders.handled()).isZero();
    }

    @Test
    void withoutATransactionAnOutputThatIsTooLargeIsALetterOfItsSource(TestKafka kafka) {
        var orders = new Orders(kafka, Map.of());
        orders.config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        orders.config.put(StreamsConfig.producerPrefix("max.request.size"), 50_000);
        kafka.send(orders.in, "k", "large");
        kafka.send(orders.in, "k", "fine");

        orders.run(growing(orders), streams -> orders.awaitHandled(2));

        assertThat(kafka.readCommitted(orders.letters, 1, PATIENCE))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.headers().lastHeader(DeadLetter.ORIGIN_UNCERTAIN))
                            .isNull();
                    assertThat(DeadLetter.of(letter).orElseThrow())
                            .returns(FailureClass.OUTPUT_REJECTED, DeadLetter::failureClass)
                            .returns("org.apache.kafka.common.errors.RecordTooLargeException", DeadLetter::exception)
                            .returns(true, DeadLetter::bytesOmitted)
                            .returns(0L, DeadLetter::offset);
                });
        assertThat(values(kafka.readCommitted(orders.out, 1, PATIENCE))).containsExactly("fine");
    }

    /** The answer comes later, on another thread, when the task may be at another record. */
    @Test
    void whatABrokerRefusesWithoutATransactionSaysThatItsOriginIsUncertain(TestKafka kafka) {
        var orders = new Orders(kafka, Map.of("max.message.bytes", "50000"));
        orders.config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        kafka.send(orders.in, "k", "unhandled"); // The producer has to know the letter topic by then.
        kafka.send(orders.in, "k", "large");

        orders.run(growing(orders), streams -> orders.awaitHandled(2));

        assertThat(kafka.readCommitted(orders.letters, 2, PATIENCE))
                .filteredOn(letter -> letter.headers().lastHeader(DeadLetter.ORIGIN_UNCERTAIN) != null)
                .singleElement()
                .satisfies(
                        letter -> assertThat(DeadLetter.of(letter).orElseThrow().failureClass())
                                .isEqualTo(FailureClass.OUTPUT_REJECTED));
    }

    @Test
    void aMissingLetterTopicStopsTheThreadAndLosesNothing(TestKafka kafka) {
        var orders = new Orders(kafka, Map.of());
        orders.config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        orders.config.put(DeadLetterExceptionHandler.TOPIC_CONFIG, kafka.name("missing"));
        orders.config.put(StreamsConfig.producerPrefix("max.block.ms"), 1_000);
        orders.config.put(StreamsConfig.producerPrefix("allow.auto.create.topics"), false);
        kafka.send(orders.in, "k", "unhandled");
        kafka.send(orders.in, "k", "fine");

        List<String> said = errorsWhile(
                () -> orders.run(LetteringApp.topology(orders.in, orders.out), streams -> awaitStopped(streams)));

        assertThat(said).anySatisfy(line -> assertThat(line).contains("letter that could not be sent", "must exist"));
        assertThat(orders.handled()).isZero();
    }

    private static Topology growing(Orders orders) {
        var builder = new StreamsBuilder();
        builder.<String, String>stream(orders.in)
                .mapValues(FussySerde::handle)
                .mapValues(value -> value.equals("large") ? HUGE : value)
                .to(orders.out, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    /** What the handlers complain of meanwhile. */
    private static List<String> errorsWhile(Runnable what) {
        var logger = (Logger) LoggerFactory.getLogger("dev.semel.dlq.internal.streams");
        var lines = new ListAppender<ILoggingEvent>();
        logger.setLevel(Level.ERROR);
        logger.setAdditive(false);
        logger.addAppender(lines);
        lines.start();
        try {
            what.run();
        } finally {
            logger.detachAppender(lines);
            logger.setAdditive(true);
            logger.setLevel(Level.OFF);
        }
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static boolean awaitStopped(KafkaStreams streams) {
        Awaitility.await()
                .dontCatchUncaughtExceptions()
                .atMost(PATIENCE)
                .until(() -> streams.state() == KafkaStreams.State.ERROR);
        return true;
    }

    private static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
    }

    /** The topics and the settings of one test, under exactly-once unless it says otherwise. */
    private final class Orders {

        private final TestKafka kafka;
        private final String application;
        private final String in;
        private final String out;
        private final String letters;
        private final Properties config;

        Orders(TestKafka kafka, Map<String, String> outSettings) {
            this.kafka = kafka;
            this.application = kafka.group("orders");
            this.in = kafka.topic("in", 3);
            this.out = kafka.topic("out", 1, outSettings);
            this.letters = kafka.topic("letters", 3);
            this.config = LetteringApp.config(kafka.bootstrapServers(), application, letters, directory);
        }

        <T> T run(Topology topology, Function<KafkaStreams, T> what) {
            try (var streams = new KafkaStreams(topology, config)) {
                streams.setUncaughtExceptionHandler(error -> StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
                streams.start();
                return what.apply(streams);
            }
        }

        boolean awaitHandled(long records) {
            Awaitility.await().dontCatchUncaughtExceptions().atMost(PATIENCE).until(() -> handled() == records);
            return true;
        }

        long handled() {
            return kafka.committedOffsets(application, in).values().stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
    }
}
