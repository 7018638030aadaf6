package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.event.BatchFailedException;
import dev.semel.core.event.BatchItem;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Records handled several in a call. */
@KafkaTest
class BatchIT {

    private final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());

    @Test
    void recordsAreHandledTogetherAndTheirOutputsAreInTheOrderOfTheInput(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(500);
        try (var processor = processor(processing, 50).build()) {
            processor.start();
            assertThat(processing.outputValues(500))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 500).mapToObj(Integer::toString).toList());
        }
        assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSizeBetween(1, 50));
        assertThat(batches).anySatisfy(batch -> assertThat(batch).hasSizeGreaterThan(10));
    }

    @Test
    void theRecordThatIsNamedIsDecidedOnAloneAndItsNeighboursAreHandledAgainOnce(TestKafka kafka) {
        var processing = Processing.on(kafka);
        sendKeyed(processing, "a", "b", "bad", "d", "e");
        try (var processor = processor(processing, 10).build()) {
            processor.start();
            processing.awaitCommitted(5);
        }
        assertThat(batches)
                .containsExactly(
                        List.of("a", "b", "bad", "d", "e"),
                        List.of("a", "b", "d", "e"),
                        List.of("bad"),
                        List.of("bad"));
        assertThat(processing.outputValues(4)).containsExactly("a", "b", "d", "e");
        assertThat(processing.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.offset()).isEqualTo(2);
            assertThat(letter.attempt()).isEqualTo(3);
            assertThat(letter.exception()).isEqualTo(IllegalArgumentException.class.getName());
        });
    }

    @Test
    void whereNoRecordIsNamedEachIsHandledAloneToFindTheOneThatFails(TestKafka kafka) {
        var processing = Processing.on(kafka);
        sendKeyed(processing, "a", "nameless", "c");
        try (var processor = processor(processing, 10)
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(batches)
                .containsExactlyInAnyOrder(
                        List.of("a", "nameless", "c"), List.of("a"), List.of("nameless"), List.of("c"));
        assertThat(processing.outputValues(2)).containsExactly("a", "c");
        assertThat(processing.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.attempt()).as("alone, once").isEqualTo(1);
            assertThat(letter.exception()).isEqualTo(IllegalStateException.class.getName());
        });
    }

    @Test
    void laterRecordsOfTheKeyThatFailsWaitForIt(TestKafka kafka) {
        var processing = Processing.on(kafka);
        kafka.send(List.of(
                record(processing, "k", "bad"),
                record(processing, "l", "other"),
                record(processing, "k", "after it 1"),
                record(processing, "k", "after it 2")));
        try (var processor = processor(processing, 10).build()) {
            processor.start();
            processing.awaitCommitted(4);
        }
        List<String> order = batches.stream().flatMap(List::stream).toList();
        assertThat(order.lastIndexOf("bad")).as(batches.toString()).isLessThan(order.lastIndexOf("after it 1"));
        assertThat(batches).last().isEqualTo(List.of("after it 1", "after it 2"));
        assertThat(processing.outputValues(3)).containsExactly("other", "after it 1", "after it 2");
    }

    @Test
    void aBatchThatOutrunsItsDeadlineIsHandledOneByOne(TestKafka kafka) {
        var processing = Processing.on(kafka);
        sendKeyed(processing, "a", "endless", "c");
        try (var processor = processor(processing, 10)
                .handlerDeadline(Duration.ofMillis(200))
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(processing.outputValues(2)).containsExactly("a", "c");
        assertThat(processing.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.offset()).isEqualTo(1);
            assertThat(letter.failureClass()).isEqualTo(FailureClass.TIMEOUT_EXCEEDED);
        });
    }

    @Test
    void anOutputThatIsRefusedFailsItsOwnRecord(TestKafka kafka) {
        var processing = Processing.on(kafka);
        sendKeyed(processing, "a", "sends to nowhere", "c");
        try (var processor = processor(processing, 10).build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(processing.outputValues(2)).containsExactly("a", "c");
        assertThat(processing.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.offset()).isEqualTo(1);
            assertThat(letter.failureClass()).isEqualTo(FailureClass.OUTPUT_REJECTED);
        });
    }

    @Test
    void filteredAndUnreadableRecordsAreNotInTheBatch(TestKafka kafka) {
        var processing = Processing.on(kafka);
        sendKeyed(processing, "a", "filtered", "c");
        try (var processor = processor(processing, 10)
                .filter(event -> !event.value().equals("filtered"))
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(batches).containsExactly(List.of("a", "c"));
        assertThat(processing.outputValues(2)).containsExactly("a", "c");
    }

    private EventProcessorBuilder<String, String> processor(Processing processing, int most) {
        return processing.processor().concurrency(1).batchHandler(most, batch -> {
            List<String> values =
                    batch.stream().map(item -> item.event().value()).toList();
            batches.add(values);
            for (int i = 0; i < batch.size(); i++) {
                BatchItem<String, String> item = batch.get(i);
                String value = item.event().value();
                item.context().send(processing.output, item.event().key(), value);
                switch (value) {
                    case "bad" -> throw new BatchFailedException(i, new IllegalArgumentException("bad data"));
                    case "nameless" -> throw new IllegalStateException("one of them");
                    case "endless" -> new CountDownLatch(1).await();
                    case "sends to nowhere" ->
                        item.context()
                                .send(
                                        processing.kafka.name("missing"),
                                        item.event().key(),
                                        value);
                    default -> {}
                }
            }
        });
    }

    /** Each with a key of its own, in one request, so that they come in one poll. */
    private static void sendKeyed(Processing processing, String... values) {
        processing.kafka.send(List.of(values).stream()
                .map(value -> record(processing, value, value))
                .toList());
    }

    private static ProducerRecord<byte[], byte[]> record(Processing processing, String key, String value) {
        return new ProducerRecord<>(processing.input, 0, Processing.bytes(key), Processing.bytes(value));
    }
}
