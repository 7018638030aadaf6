package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailureDecision;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.failure.WaitException;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What becomes of a record whose handler throws, and of its neighbours. */
@KafkaTest
class HandlerFailuresIT {

    @Test
    void handledRecordsHaveTheirOutputsAndOffsetsCommitted(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka, 3);
        processing.send(1_000);
        try (var processor = processing
                .processor()
                .handler((event, context) -> context.send(processing.output, event.key(), event.value() + "!"))
                .build()) {
            processor.start();
            assertThat(processing.outputValues(1_000)).hasSize(1_000).doesNotHaveDuplicates();
            processing.awaitCommitted(1_000);
            assertThat(processor.state()).isEqualTo(ProcessorState.RUNNING);
        }
    }

    @Test
    void aHandlerThatThrowsThreeTimesAndThenWorksIsHandledOnce(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("before", "stubborn", "after");
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        try (var processor = processing
                .processor()
                .onFailure(
                        RetryPolicy.fixed(Duration.ofMillis(5)).maxAttempts(4).thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    int call = calls.merge(event.value(), 1, Integer::sum);
                    assertThat(context.attempt()).isEqualTo(call);
                    context.send(processing.output, event.key(), event.value());
                    if (event.value().equals("stubborn") && call <= 3) {
                        throw new IllegalStateException("not yet");
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(processing.outputValues(3)).containsExactly("before", "stubborn", "after");
        assertThat(calls).isEqualTo(Map.of("before", 1, "stubborn", 4, "after", 1));
        assertThat(processing.letters(0)).isEmpty();
    }

    @Test
    void aHandlerThatWaitsIsRunAgainAndNoAttemptIsCounted(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("before", "waits", "after");
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        try (var processor = processing
                .processor()
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    int call = calls.merge(event.value(), 1, Integer::sum);
                    assertThat(context.attempt()).isEqualTo(1);
                    context.send(processing.output, event.key(), event.value() + call);
                    if (event.value().equals("waits") && call <= 20) {
                        throw new WaitException("somebody else has it in hand", Duration.ofMillis(1), null);
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(processing.outputValues(3)).containsExactly("before1", "waits21", "after1");
        assertThat(processing.letters(0)).isEmpty();
    }

    @Test
    void aHandlerThatAlwaysThrowsMakesOneLetterAndLeavesItsNeighboursAlone(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("before", "poison", "after");
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        try (var processor = processing
                .processor()
                .applicationVersion("1.2.3")
                .handler((event, context) -> {
                    calls.merge(event.value(), 1, Integer::sum);
                    if (event.value().equals("poison")) {
                        throw new IllegalStateException("no stock of it");
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(processing.outputValues(2)).containsExactly("before", "after");
        assertThat(calls).isEqualTo(Map.of("before", 1, "poison", 3, "after", 1));
        assertThat(processing.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.failureClass()).isEqualTo(FailureClass.HANDLER_EXCEPTION);
            assertThat(letter.attempt()).isEqualTo(3);
            assertThat(letter.group()).isEqualTo(processing.group);
            assertThat(letter.origin()).isEqualTo(processing.inputPartition());
            assertThat(letter.offset()).isEqualTo(1);
            assertThat(letter.exception()).isEqualTo(IllegalStateException.class.getName());
            assertThat(letter.message()).isEqualTo("no stock of it");
        });
        assertThat(processing.letterRecords(1))
                .singleElement()
                .satisfies(letter -> assertThat(Processing.value(letter)).isEqualTo("poison"));
    }

    @Test
    void outputsOfAFailedAttemptAreNeverVisible(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("sends twice and throws", "sends twice");
        try (var processor = processing
                .processor()
                .handler((event, context) -> {
                    context.send(processing.output, event.key(), event.value() + " 1");
                    context.send(processing.output, event.key(), event.value() + " 2");
                    if (event.value().endsWith("throws")) {
                        throw new IllegalStateException("after both");
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(2);
        }
        assertThat(processing.outputValues(2)).containsExactly("sends twice 1", "sends twice 2");
        assertThat(processing.letters(1)).hasSize(1);
    }

    @Test
    void anErrorEndsInFailedWithNothingCommittedPastIt(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka);
        processing.send("before", "deadly", "after");
        var error = new OutOfMemoryError("thrown by the test");
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (var processor = processing
                .processor()
                .handler((event, context) -> {
                    handled.add(event.value());
                    if (event.value().equals("deadly")) {
                        throw error;
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .isSameAs(error);
            assertThat(processor.state()).isEqualTo(ProcessorState.FAILED);
            assertThat(processor.failure()).contains(error);
        }
        assertThat(processing.committed()).isLessThanOrEqualTo(1);
        assertThat(processing.outputValues(0)).isSubsetOf("before");
        assertThat(handled).as("nothing runs after it").containsExactlyInAnyOrder("before", "deadly");
    }

    @Test
    void aPolicyThatStopsCommitsWhatCameBeforeAndNothingElse(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("before", "poison", "after");
        try (var processor = processing
                .processor()
                .onFailure(RetryPolicy.never().thenStop())
                .handler((event, context) -> {
                    if (event.value().equals("poison")) {
                        throw new IllegalStateException("cannot be");
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .isInstanceOf(ProcessorFailedException.class)
                    .hasMessageContaining(processing.input + "-0@1")
                    .hasMessageContaining("handler_exception")
                    .hasRootCauseMessage("cannot be");
        }
        assertThat(processing.outputValues(1)).containsExactly("before");
        assertThat(processing.committed()).isEqualTo(1);
    }

    @Test
    void anExceptionThatIsNotRetriedIsALetterAtOnce(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("invalid");
        Set<Integer> attempts = ConcurrentHashMap.newKeySet();
        try (var processor = processing
                .processor()
                .onFailure(RetryPolicy.fixed(Duration.ofMillis(5))
                        .notRetrying(IllegalArgumentException.class)
                        .thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    attempts.add(context.attempt());
                    throw new IllegalStateException("wrapped", new IllegalArgumentException("never valid"));
                })
                .build()) {
            processor.start();
            assertThat(processing.letters(1))
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.attempt()).isEqualTo(1));
        }
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void aFailurePolicyThatThrowsStopsTheProcessor(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("poison");
        try (var processor = processing
                .processor()
                .onFailure(new FailurePolicy() {
                    @Override
                    public FailureDecision decide(Failure failure) {
                        throw new IllegalStateException("undecided");
                    }

                    @Override
                    public Optional<String> deadLetterTopic() {
                        return Optional.empty();
                    }
                })
                .handler((event, context) -> {
                    throw new IllegalStateException("fails");
                })
                .build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .isInstanceOf(ProcessorFailedException.class)
                    .hasRootCauseMessage("undecided");
        }
        assertThat(processing.committed()).isZero();
    }
}
