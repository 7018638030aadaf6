package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.event.EventContext;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.HandlerTimeoutException;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Handlers that do not come to an end in time. */
@KafkaTest
class DeadlineIT {

    private static final Duration DEADLINE = Duration.ofMillis(200);

    @Test
    void aHandlerThatOutrunsItsDeadlineIsInterruptedAndTheRecordBecomesALetter(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("before", "endless", "after");
        var attempts = new AtomicInteger();
        try (var processor = processing
                .processor()
                .handlerDeadline(DEADLINE)
                .handler((event, context) -> {
                    context.send(processing.output, event.key(), event.value());
                    if (event.value().equals("endless")) {
                        attempts.incrementAndGet();
                        new CountDownLatch(1).await();
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(3);
        }
        assertThat(attempts).hasValue(3);
        assertThat(processing.outputValues(2)).containsExactly("before", "after");
        assertThat(processing.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.failureClass()).isEqualTo(FailureClass.TIMEOUT_EXCEEDED);
            assertThat(letter.exception()).isEqualTo(HandlerTimeoutException.class.getName());
            assertThat(letter.attempt()).isEqualTo(3);
        });
    }

    @Test
    void aHandlerThatReturnsThoughItIsLateHasNotHandledItsRecord(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("late");
        try (var processor = processing
                .processor()
                .handlerDeadline(DEADLINE)
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    context.send(processing.output, event.key(), event.value());
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        // As if nothing had happened.
                    }
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertThat(processing.outputValues(0)).isEmpty();
        assertThat(processing.letters(1)).hasSize(1);
    }

    @Test
    void aHandlerThatHeedsNoInterruptIsGivenUpAndWhatItStillDoesGoesNowhere(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var goOn = new CountDownLatch(1);
        Queue<EventContext> given = new ConcurrentLinkedQueue<>();
        Queue<Throwable> refused = new ConcurrentLinkedQueue<>();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        var calls = new AtomicInteger();
        try (var processor = processing
                .processor()
                .handlerDeadline(DEADLINE)
                .concurrency(1)
                .onFailure(
                        RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(2).thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    if (event.value().equals("stubborn") && calls.incrementAndGet() == 1) {
                        given.add(context);
                        context.send(processing.output, event.key(), "of the attempt that was given up");
                        awaitWhateverComes(goOn);
                        try {
                            context.send(processing.output, event.key(), "too late");
                        } catch (IllegalStateException e) {
                            refused.add(e);
                        }
                        return;
                    }
                    context.send(processing.output, event.key(), event.value());
                    handled.add(event.value());
                })
                .build()) {
            processor.start();
            processing.send("stubborn", "same key");
            await().atMost(Processing.DEADLINE).until(() -> !given.isEmpty());
            kafka.send(List.of(new ProducerRecord<>(
                    processing.input, 0, Processing.bytes("another"), Processing.bytes("of another key"))));
            // With a concurrency of one, only a thread in its place can do that.
            await().atMost(Processing.DEADLINE).until(() -> handled.contains("of another key"));
            assertThat(calls).as("its key waits for its thread to end").hasValue(1);
            goOn.countDown();
            processing.awaitCommitted(3);
        }
        assertThat(refused)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal).hasMessageContaining("deadline"));
        assertThat(processing.outputValues(3)).containsExactly("stubborn", "same key", "of another key");
        assertThat(calls).hasValue(2);
    }

    private static void awaitWhateverComes(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                done = latch.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // Goes on, as code that swallows interrupts does.
            }
        }
    }

    @Test
    void moreHandlersThatHeedNothingThanMayRunAtATimeEndTheProcessor(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka);
        processing.send(20);
        var goOn = new CountDownLatch(1);
        try (var processor = processing
                .processor()
                .handlerDeadline(DEADLINE)
                .concurrency(1)
                .handler((event, context) -> awaitWhateverComes(goOn))
                .build()) {
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> processor.failure().isPresent());
            assertThat(processor.failure().orElseThrow())
                    .hasMessageContaining("handlers did not end")
                    .hasMessageContaining(processing.input);
            await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.FAILED);
        } finally {
            goOn.countDown();
        }
        assertThat(processing.letters(0)).isEmpty();
    }
}
