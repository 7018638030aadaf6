package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.EventProcessor;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a redrive in place ends, the next one goes on where it stopped, and each letter is handled once. */
@KafkaTest
@Timeout(180)
class InPlaceFaultsIT {

    private static final int LETTERS = 100;

    /** A hundred letters of a handler that is mended now, and what works on them. */
    private static EventProcessor<String, String> mended(Keeping keeping) {
        List<String> values =
                IntStream.range(0, LETTERS).mapToObj(i -> "k" + i + ":1").toList();
        keeping.broken.addAll(values);
        keeping.send(values.toArray(new String[0]));
        var letters = DeadLetters.builder().build();
        EventProcessor<String, String> processor = keeping.processor(letters).build();
        processor.start();
        Keeping.awaitStates(letters, "{OPEN=" + LETTERS + "}");
        keeping.broken.clear();
        keeping.handled.clear();
        return processor;
    }

    private static DeadLetterReprocessor.Builder operator(Keeping keeping) {
        return DeadLetterReprocessor.builder(keeping.kafka.clientConfig(), keeping.letters);
    }

    private static void assertEachOnce(Keeping keeping) {
        assertThat(keeping.outputs(LETTERS)).hasSize(LETTERS).doesNotHaveDuplicates();
        assertThat(keeping.handled).hasSize(LETTERS).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"COMMIT,BEFORE,2", "COMMIT,AFTER,2"})
    void aKilledOperatorIsGoneOnWith(Step step, Moment moment, int occurrence, TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        try (var processor = mended(keeping);
                var next = operator(keeping).open()) {
            try (JavaProcess doomed =
                    KilledRedrive.start(kafka.bootstrapServers(), keeping.letters, step, moment, occurrence)) {
                assertThat(doomed.awaitExit(Keeping.DEADLINE))
                        .as(doomed.output())
                        .isEqualTo(FaultInjection.HALTED);
            }
            RedriveReport report = next.select(all()).redrive();
            assertThat(report.read()).isEqualTo(LETTERS);
            assertThat(report.duplicate() + report.skippedCount())
                    .as("asked for before the kill: " + report)
                    .isGreaterThanOrEqualTo(16);
            assertThat(report.applied()).as("left by the kill").isPositive();
            assertEachOnce(keeping);
            assertThat(processor.state().toString()).isEqualTo("RUNNING");
        }
    }

    @Test
    @KafkaTest(ownCluster = true)
    void aClusterThatGoesAwayIsSaidSoAndTheNextRunGoesOn(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        try (var processor = mended(keeping)) {
            try (var operator =
                    operator(keeping).deadline(Duration.ofSeconds(3)).open()) {
                LetterSelection selection = operator.select(all()).progress(soFar -> kafka.stopAllBrokers());
                assertThatThrownBy(selection::redrive)
                        .isInstanceOf(LettersUnavailableException.class)
                        .hasMessageContaining("after 16 letter(s)")
                        .hasMessageContaining("goes on where it stopped");
            }
            kafka.startAllBrokers();
            try (var operator = operator(keeping).open()) {
                RedriveReport report = operator.select(all()).redrive();
                assertThat(report.applied()).isEqualTo(LETTERS - 16);
                assertThat(report.duplicate()).isEqualTo(16);
            }
            assertEachOnce(keeping);
            assertThat(processor.state().toString()).isEqualTo("RUNNING");
        }
    }
}
