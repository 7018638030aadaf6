package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A processor that handles nothing for a time, and stays a member. */
@KafkaTest
class PauseIT {

    @Test
    void inAPauseWhatRunsEndsAndIsCommittedAndNothingMoreIsHandled(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var started = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (var processor = processing
                .processor()
                .order(ProcessingOrder.PARTITION)
                .handler((event, context) -> {
                    if (event.value().equals("0")) {
                        started.countDown();
                        goOn.await();
                    }
                    handled.add(event.value());
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            processing.send(20);
            await().atMost(Processing.DEADLINE).until(() -> started.getCount() == 0);
            processor.pause("the stock is counted");
            processor.pause("another reason");
            goOn.countDown();
            processing.awaitCommitted(1);
            await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.PAUSED);
            assertThat(processor.pauseReason()).contains("the stock is counted; and another reason");
            processing.send("while it is paused");
            await().during(Duration.ofMillis(300)).atMost(Processing.DEADLINE).until(() -> handled.size() == 1);
            assertThat(processor.state()).isEqualTo(ProcessorState.PAUSED);

            processor.resume();
            processing.awaitCommitted(21);
            assertThat(processor.pauseReason()).isEmpty();
            await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.RUNNING);
            assertThat(processing.outputs(21)).hasSize(21);
        }
    }

    @Test
    void aProcessorThatIsPausedBeforeItsStartHandlesNothing(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("a");
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (var processor = processing
                .processor()
                .handler((event, context) -> handled.add(event.value()))
                .build()) {
            processor.pause("not yet");
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.PAUSED);
            await().during(Duration.ofMillis(300)).atMost(Processing.DEADLINE).until(handled::isEmpty);
            processor.resume();
            processing.awaitCommitted(1);
        }
        assertThat(handled).containsExactly("a");
    }

    @Test
    void aPausedProcessorClosesAsAnyOther(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka);
        processing.send("a");
        var processor = processing
                .processor()
                .handler((event, context) -> {
                    throw new AssertionError("not to be called");
                })
                .build();
        processor.pause("for good");
        processor.start();
        await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.PAUSED);
        processor.close();
        assertThat(processor.awaitTermination(Duration.ZERO)).isTrue();
        assertThat(processor.state()).isEqualTo(ProcessorState.STOPPED);
        assertThat(processing.committed()).isZero();
    }
}
