package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.HandlerTimeoutException;
import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Records whose failures are of different kinds, and what becomes of each. */
@KafkaTest
class FailurePoliciesIT {

    private static final class GatewayDownException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final class ForeignCustomerException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final FailureClass GATEWAY_DOWN = new FailureClass("gateway_down");
    private static final Duration SHORT = Duration.ofMillis(5);

    /** For every handler that ends, on a machine that does much else. */
    private static final Duration TIME_ENOUGH = Duration.ofSeconds(2);

    private final Map<String, Integer> calls = new ConcurrentHashMap<>();

    @Test
    void eachKindOfFailureMeetsItsOwnPolicy(TestKafka kafka) {
        var processing = Processing.on(kafka);
        List<String> values = List.of("good", "foreign", "gateway", "defect", "slow", "good too");
        values.forEach(value -> kafka.send(List.of(
                new ProducerRecord<>(processing.input, 0, Processing.bytes("of " + value), Processing.bytes(value)))));
        FailurePolicy letter = RetryPolicy.never().thenDeadLetter(processing.letters);
        try (var processor = processing
                .processor()
                .handlerDeadline(TIME_ENOUGH)
                .onFailure(FailurePolicy.byClass()
                        .classify(GatewayDownException.class, GATEWAY_DOWN)
                        .on(
                                GATEWAY_DOWN,
                                RetryPolicy.fixed(SHORT).maxAttempts(4).thenDeadLetter(processing.letters))
                        .on(
                                FailureClass.TIMEOUT_EXCEEDED,
                                RetryPolicy.fixed(SHORT).maxAttempts(2).thenDeadLetter(processing.letters))
                        .on(ForeignCustomerException.class, RetryPolicy.never().thenSkip("of another region"))
                        .otherwise(letter))
                .handler((event, context) -> {
                    calls.merge(event.value(), 1, Integer::sum);
                    context.send(processing.output, event.key(), event.value());
                    fail(event.value());
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(values.size());
        }
        assertThat(calls)
                .isEqualTo(Map.of("good", 1, "foreign", 1, "gateway", 4, "defect", 1, "slow", 2, "good too", 1));
        assertThat(processing.outputValues(2)).containsExactly("good", "good too");
        assertThat(processing.letters(3))
                .as("in offset order, and none of what was skipped")
                .extracting(DeadLetter::offset, DeadLetter::failureClass, DeadLetter::attempt)
                .containsExactly(
                        tuple(2L, GATEWAY_DOWN, 4),
                        tuple(3L, FailureClass.HANDLER_EXCEPTION, 1),
                        tuple(4L, FailureClass.TIMEOUT_EXCEEDED, 2));
    }

    private static void fail(String value) throws Exception {
        switch (value) {
            case "foreign" -> throw new ForeignCustomerException();
            case "gateway" -> throw new IllegalStateException("not paid", new GatewayDownException());
            case "defect" -> throw new IllegalArgumentException("a defect");
            case "slow" -> new CountDownLatch(1).await();
            default -> {}
        }
    }

    @Test
    void aRecordThatIsSkippedIsCommittedWithItsNeighboursAndLeavesNothing(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("before", "foreign", "after");
        try (var processor = processing
                .processor()
                .onFailure(RetryPolicy.fixed(SHORT).maxAttempts(3).thenSkip("of another region"))
                .handler((event, context) -> {
                    calls.merge(event.value(), 1, Integer::sum);
                    context.send(processing.output, event.key(), event.value());
                    fail(event.value());
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(processing.outputValues(2)).containsExactly("before", "after");
        assertThat(processing.letters(0)).isEmpty();
        assertThat(calls).isEqualTo(Map.of("before", 1, "foreign", 3, "after", 1));
    }

    @Test
    void aLetterTellsOfTheEarlierFailuresOfItsRecord(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("gateway, then slow, then a defect");
        try (var processor = processing
                .processor()
                .handlerDeadline(TIME_ENOUGH)
                .handler((event, context) ->
                        fail(List.of("gateway", "slow", "defect").get(context.attempt() - 1)))
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertThat(processing.letterRecords(1)).singleElement().satisfies(letter -> {
            assertThat(Processing.header(letter, DeadLetter.EXCEPTION))
                    .isEqualTo(IllegalArgumentException.class.getName());
            assertThat(Processing.header(letter, DeadLetter.STACK_TRACE))
                    .containsSubsequence(
                            "a defect",
                            "Suppressed: ",
                            "not paid",
                            GatewayDownException.class.getSimpleName(),
                            "Suppressed: ",
                            HandlerTimeoutException.class.getName());
        });
    }

    @Test
    void aProcessorThatStopsTellsOfTheEarlierFailures(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("poison");
        try (var processor = processing
                .processor()
                .onFailure(RetryPolicy.fixed(SHORT).maxAttempts(3).thenStop())
                .handler((event, context) -> {
                    throw new IllegalStateException("failure " + context.attempt());
                })
                .build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .isInstanceOf(ProcessorFailedException.class)
                    .rootCause()
                    .hasMessage("failure 3")
                    .satisfies(last -> assertThat(last.getSuppressed())
                            .extracting(Throwable::getMessage)
                            .containsExactly("failure 1", "failure 2"));
        }
        assertThat(processing.committed()).isZero();
    }
}
