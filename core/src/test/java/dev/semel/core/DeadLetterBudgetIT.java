package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.DeadLetterBudget;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More dead letters than bad data could explain. */
@KafkaTest
class DeadLetterBudgetIT {

    private static final int BUDGET = 3;

    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    @Test
    void theProcessorPausesLosesNothingAndGoesOnWhenItIsResumed(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("good", "bad 1", "bad 2", "good", "bad 3", "bad 4", "good", "bad 5");
        try (var processor = processor(processing, "1").build()) {
            processor.start();
            awaitPaused(processor);
            assertThat(processor.pauseReason().orElseThrow())
                    .contains(
                            processing.inputPartition().toString(), "3 of 5 records", "at most 3 letters", "resume()");
            processing.awaitCommitted(5);
            assertThat(processing.letters(BUDGET)).hasSize(BUDGET);

            processor.resume();
            processing.awaitCommitted(8);
            assertThat(processor.state()).isEqualTo(ProcessorState.RUNNING);
        }
        assertThat(processing.letterRecords(5).stream().map(Processing::value))
                .containsExactly("bad 1", "bad 2", "bad 3", "bad 4", "bad 5");
        assertThat(processing.outputs(3)).hasSize(3);
        assertThat(calls)
                .as("the record that found no letter left was not handled again")
                .hasSize(8);
    }

    @Test
    void aRestartBuysNoFreshBudgetButAnotherVersionDoes(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("bad 1", "bad 2");
        try (var processor = processor(processing, "1").build()) {
            processor.start();
            processing.awaitCommitted(2);
        }
        try (var processor = processor(processing, "1").build()) {
            processor.start();
            processing.send("bad 3", "bad 4", "good");
            awaitPaused(processor);
            processing.awaitCommitted(3);
        }
        try (var processor = processor(processing, "1").build()) {
            processor.start();
            awaitPaused(processor);
            assertThat(processor.pauseReason().orElseThrow()).contains("budget");
        }
        assertThat(processing.committed()).isEqualTo(3);
        assertThat(calls)
                .as("what is used up is used up before anything is handled")
                .doesNotContain("good");

        try (var processor = processor(processing, "2").build()) {
            processor.start();
            processing.awaitCommitted(5);
            assertThat(processor.pauseReason()).isEmpty();
        }
        assertThat(processing.letters(4)).hasSize(4);
    }

    private EventProcessorBuilder<String, String> processor(Processing processing, String version) {
        return processing
                .processor()
                .instance("one")
                .applicationVersion(version)
                .onFailure(RetryPolicy.never().thenDeadLetter(processing.letters))
                .deadLetterBudget(DeadLetterBudget.atMost(BUDGET, Duration.ofHours(1)))
                .handler((event, context) -> {
                    calls.add(event.value());
                    if (event.value().startsWith("bad")) {
                        throw new IllegalStateException("bad data, or a bad deployment");
                    }
                    context.send(processing.output, event.key(), event.value());
                });
    }

    private static void awaitPaused(EventProcessor<?, ?> processor) {
        await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.PAUSED);
    }
}
