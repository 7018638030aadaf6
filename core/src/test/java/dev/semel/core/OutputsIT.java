package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.OutputRejectedException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What handlers send: what it carries, and whose failure it is when Kafka does not take it. */
@KafkaTest
class OutputsIT {

    @Test
    void anOutputThatIsTooLargeIsAFailureOfItsRecordOnly(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("1", "2000000", "2");
        try (var processor = processing
                .processor()
                .handler((event, context) ->
                        context.send(processing.output, event.key(), "x".repeat(Integer.parseInt(event.value()))))
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(processing.outputValues(2)).containsExactly("x", "xx");
        assertRejected(processing, 1, "too large for topic " + processing.output);
    }

    @Test
    void anOutputToATopicThatDoesNotExistIsAFailureOfItsRecordOnly(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var missing = kafka.name("missing");
        processing.send("before", "lost", "after");
        try (var processor = processing
                .processor()
                .handler((event, context) -> context.send(
                        event.value().equals("lost") ? missing : processing.output, event.key(), event.value()))
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(processing.outputValues(2)).containsExactly("before", "after");
        assertRejected(processing, 1, "cannot send to topic " + missing);
    }

    @Test
    void aHandlerThatHidesARefusedOutputFailsAllTheSame(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("hides");
        try (var processor = processing
                .processor()
                .handler((event, context) -> {
                    context.send(processing.output, event.key(), "the other half");
                    try {
                        context.send(kafka.name("missing"), event.key(), event.value());
                    } catch (OutputRejectedException e) {
                        // Hidden: half of the result would be committed if that worked.
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertThat(processing.outputs(0)).isEmpty();
        assertRejected(processing, 0, "cannot send to topic");
    }

    @Test
    void anOutputThatTheSerdeCannotWriteIsAFailureOfItsRecord(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("1");
        try (var processor = processing
                .processor()
                .handler((event, context) -> context.send(processing.output, event.key(), 1))
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertRejected(processing, 0, "cannot be written by the serde");
    }

    /** Nothing on the client's side knows that a compacted topic refuses a record without a key: only the broker does. */
    @Test
    void whatTheBrokerRefusesAfterTheHandlerReturnedIsALetterAndItsNeighboursAreCommitted(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var compacted = kafka.topic("compacted", 1, Map.of("cleanup.policy", "compact"));
        processing.send("1", "2", "3", "4");
        List<String> handled = Collections.synchronizedList(new ArrayList<>());
        try (var processor = processing
                .processor()
                .handler((event, context) -> {
                    handled.add(event.value());
                    context.send(processing.output, event.key(), event.value());
                    if (event.value().equals("2")) {
                        context.send(compacted, null, event.value());
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(4);
        }
        assertThat(processing.outputValues(3)).containsExactly("1", "3", "4");
        assertThat(handled).as("no handler is run again for it").containsExactly("1", "2", "3", "4");
        assertRejected(processing, 1, "the broker refused an output");
    }

    /** What the client has in hand for other partitions when one record is refused, it gives up with the same exception. */
    @Test
    void whatIsGivenUpAlongWithARefusedOutputIsSentAgain(TestKafka kafka) {
        var processing = Processing.on(kafka, 8);
        var compacted = kafka.topic("compacted", 1, Map.of("cleanup.policy", "compact"));
        processing.send(800);
        var config = kafka.clientConfig();
        // So long that there is always something in hand.
        config.put("producer.linger.ms", 50);
        try (var processor = processing
                .processor()
                .kafka(config)
                .commitInterval(Duration.ofMillis(300))
                .handler((event, context) -> {
                    if (event.value().endsWith("77")) {
                        context.send(compacted, null, event.value());
                    }
                    LockSupport.parkNanos(1_000_000);
                    context.send(processing.output, event.value(), event.value());
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(800);
        }
        assertThat(processing.outputValues(792)).hasSize(792).doesNotHaveDuplicates();
        assertThat(processing.letterRecords(8))
                .extracting(Processing::value)
                .hasSize(8)
                .allMatch(value -> value.endsWith("77"));
    }

    /** The topic had been looked up, so only sending shows that it is gone. */
    @Test
    void anOutputToATopicThatWasDeletedMeanwhileIsALetterAndItsNeighboursAreCommitted(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var doomed = kafka.topic("doomed");
        var config = kafka.clientConfig();
        config.put("producer.max.block.ms", 500);
        try (var processor = processing
                .processor()
                .kafka(config)
                .handler((event, context) -> context.send(
                        event.value().startsWith("lost") ? doomed : processing.output, event.key(), event.value()))
                .build()) {
            processor.start();
            processing.send("lost no more than this one is");
            processing.awaitCommitted(1);
            kafka.deleteTopic(doomed);
            processing.send("before", "lost 1", "between", "lost 2", "after");
            processing.awaitCommitted(6);
        }
        assertThat(processing.outputValues(3)).containsExactly("before", "between", "after");
        assertThat(processing.letters(2)).hasSize(2).allSatisfy(letter -> {
            assertThat(letter.failureClass()).isEqualTo(FailureClass.OUTPUT_REJECTED);
            assertThat(letter.message()).contains("cannot send to topic " + doomed);
        });
    }

    @Test
    void partitionsAddedToTheDeadLetterTopicAreSeenAtOnce(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("poison");
        var config = kafka.clientConfig();
        config.put("consumer.metadata.max.age.ms", 200);
        try (var processor = processing
                .processor()
                .kafka(config)
                .handler((event, context) -> {
                    throw new IllegalStateException("always");
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
            kafka.addPartitions(processing.letters, 2);
            kafka.addPartitions(processing.input, 2);
            kafka.send(List.of(new ProducerRecord<>(processing.input, 1, null, Processing.bytes("poison too"))));
            assertThat(processing.letters(2))
                    .extracting(letter -> letter.origin().partition())
                    .containsExactly(0, 1);
        }
    }

    @Test
    void aPolicyThatStopsIsAskedAboutWhatTheBrokerRefusesToo(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var compacted = kafka.topic("compacted", 1, Map.of("cleanup.policy", "compact"));
        processing.send("1", "2");
        try (var processor = processing
                .processor()
                .onFailure(RetryPolicy.never().thenStop())
                .handler((event, context) ->
                        context.send(event.value().equals("2") ? compacted : processing.output, null, event.value()))
                .build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .hasMessageContaining(processing.input + "-0@1 failed with output_rejected")
                    .hasMessageContaining("the failure policy says stop");
        }
        assertThat(processing.outputValues(1)).containsExactly("1");
        assertThat(processing.committed()).isEqualTo(1);
    }

    @Test
    void outputsCarryAnIdentityOfTheirOwnAndTheEventsBusinessHeadersTraceAndTime(TestKafka kafka) {
        var processing = Processing.on(kafka);
        kafka.send(List.of(new ProducerRecord<>(
                processing.input,
                0,
                1_700_000_000_000L,
                Processing.bytes("key"),
                Processing.bytes("value"),
                List.of(
                        header("ce_id", "e-1"),
                        header("ce_source", "shop"),
                        header("ce_time", "2026-01-02T03:04:05Z"),
                        header("traceparent", "00-aa-bb-01"),
                        header("tenant", "blue"),
                        header("__semel.dlq.id", "old letter"),
                        header("overridden", "old")))));
        try (var processor = processing
                .processor()
                .handler((event, context) -> {
                    context.send(processing.output, event.key(), "first", header("overridden", "new"));
                    context.send(processing.output, event.key(), "second", header("ce_id", "my own"));
                })
                .build()) {
            processor.start();
            List<ConsumerRecord<byte[], byte[]>> outputs = processing.outputs(2);
            assertThat(headers(outputs.get(0)))
                    .isEqualTo(Map.of(
                            "ce_id", "shop/e-1#0",
                            "ce_source", processing.group,
                            "ce_type", "String",
                            "ce_specversion", "1.0",
                            "ce_time", "2026-01-02T03:04:05Z",
                            "traceparent", "00-aa-bb-01",
                            "tenant", "blue",
                            "overridden", "new"));
            assertThat(Processing.header(outputs.get(1), "ce_id")).isEqualTo("my own");
            assertThat(outputs.get(0).timestamp()).isEqualTo(1_700_000_000_000L);
        }
    }

    @Test
    void aRawOutputGoesOutAsItIs(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("value");
        try (var processor = processing
                .processor()
                .events(EventSerde.of(Serdes.String(), Serdes.String(), new StringSerializer(), new StringSerializer()))
                .handler((event, context) ->
                        context.send(new ProducerRecord<>(processing.output, 0, 5L, null, Processing.bytes("raw"))))
                .build()) {
            processor.start();
            assertThat(processing.outputs(1)).singleElement().satisfies(output -> {
                assertThat(output.headers()).isEmpty();
                assertThat(output.timestamp()).isEqualTo(5);
            });
        }
    }

    private static void assertRejected(Processing processing, long offset, String message) {
        DeadLetter letter = processing.letters(1).get(0);
        assertThat(processing.letters(1)).hasSize(1);
        assertThat(letter.failureClass()).isEqualTo(FailureClass.OUTPUT_REJECTED);
        assertThat(letter.offset()).isEqualTo(offset);
        assertThat(letter.message()).contains(message);
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(name, Processing.bytes(value));
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = new HashMap<String, String>();
        record.headers()
                .forEach(header -> headers.merge(
                        header.key(),
                        Objects.requireNonNull(Processing.header(record, header.key())),
                        (one, other) -> one + " twice"));
        return headers;
    }
}
