package dev.semel.dlq;

import static dev.semel.dlq.LetterFeed.values;
import static dev.semel.dlq.LetterFilter.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.dlq.RedriveReport.Ending;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a redrive ends, the next one goes on where it stopped, and each letter is copied once. */
@KafkaTest
@Timeout(180)
class RedriveFaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LETTERS = 1_000;

    private static DeadLetterReprocessor.Builder reprocessor(TestKafka kafka, String letters, String actor) {
        return DeadLetterReprocessor.builder(kafka.clientConfig(), letters).actor(actor);
    }

    private static void assertEachOnceInOrder(TestKafka kafka, String origin, int letters) {
        List<String> copies = values(kafka.readCommitted(origin, letters, PATIENCE));
        assertThat(copies)
                .containsExactlyElementsOf(
                        IntStream.range(0, letters).mapToObj(i -> "v" + i).toList());
    }

    @ParameterizedTest
    @CsvSource({"SEND,AFTER,900", "COMMIT,BEFORE,5", "COMMIT,AFTER,5", "INIT_TRANSACTIONS,AFTER,1"})
    void aKilledRedriveIsGoneOnWith(Step step, Moment moment, int occurrence, TestKafka kafka) {
        String origin = kafka.topic("orders");
        String letters = kafka.topic("letters");
        new LetterFeed(kafka, letters, origin).send(LETTERS);
        try (JavaProcess doomed = KilledRedrive.start(kafka.bootstrapServers(), letters, step, moment, occurrence)) {
            assertThat(doomed.awaitExit(PATIENCE)).as(doomed.output()).isEqualTo(FaultInjection.HALTED);
        }
        try (var next = reprocessor(kafka, letters, "next").open()) {
            RedriveReport report = next.select(all()).redrive();
            assertThat(report.ending()).isEqualTo(Ending.DONE);
            assertThat(report.applied() + report.duplicate()).isEqualTo(LETTERS);
            if (occurrence > 1) {
                assertThat(report.duplicate()).as("copied before the kill").isPositive();
            }
            assertThat(report.applied()).as("left by the kill").isPositive();
        }
        assertEachOnceInOrder(kafka, origin, LETTERS);
    }

    @Test
    void aSecondOperatorEndsTheFirstAndIsNamedToIt(TestKafka kafka) {
        String origin = kafka.topic("orders");
        String letters = kafka.topic("letters");
        new LetterFeed(kafka, letters, origin).send(LETTERS);
        try (var ann = reprocessor(kafka, letters, "ann").open();
                var bob = reprocessor(kafka, letters, "bob").open()) {
            var reports = new AtomicReference<RedriveReport>();
            assertThatThrownBy(() -> ann.select(all())
                            .ratePerSecond(2_000)
                            .progress(soFar -> {
                                if (soFar.applied() >= 400 && reports.get() == null) {
                                    reports.set(bob.select(all()).redrive());
                                }
                            })
                            .redrive())
                    .isInstanceOf(OperatorFencedException.class)
                    .hasMessageContaining("bob")
                    .hasMessageContaining(letters);
            assertThat(reports.get().duplicate()).isEqualTo(400);
            assertThat(reports.get().applied()).isEqualTo(LETTERS - 400);
        }
        assertEachOnceInOrder(kafka, origin, LETTERS);
    }

    /** It was fenced at its first transaction, so that the last name there is that of who is long done. */
    @Test
    void whoIsFencedIsNotToldTheNameOfWhoWasThereBefore(TestKafka kafka) {
        String letters = kafka.topic("letters");
        new LetterFeed(kafka, letters, kafka.topic("orders")).send(1);
        try (var ann = reprocessor(kafka, letters, "ann").open()) {
            ann.select(all()).redrive();
        }
        Function<Map<String, Object>, Producer<byte[], byte[]>> fenced =
                config -> FaultInjection.producer(producer(config), (step, moment, occurrence) -> {
                    if (step == Step.BEGIN && moment == Moment.BEFORE) {
                        try (Producer<byte[], byte[]> other = producer(config)) {
                            other.initTransactions();
                        }
                    }
                });
        try (var bob = reprocessor(kafka, letters, "bob")
                .deadline(Duration.ofSeconds(4))
                .producers(fenced)
                .open()) {
            assertThatThrownBy(() -> bob.select(all()).redrive())
                    .isInstanceOf(LettersUnavailableException.class)
                    .hasMessageContaining("somebody who does not say who");
        }
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Test
    @KafkaTest(ownCluster = true)
    void aClusterThatGoesAwayIsSaidSoAndTheNextRunGoesOn(TestKafka kafka) {
        String origin = kafka.topic("orders");
        String letters = kafka.topic("letters");
        new LetterFeed(kafka, letters, origin).send(LETTERS);
        try (var reprocessor = reprocessor(kafka, letters, "ann")
                .deadline(Duration.ofSeconds(3))
                .open()) {
            LetterSelection selection = reprocessor
                    .select(all())
                    .ratePerSecond(2_000)
                    .progress(soFar -> {
                        if (soFar.applied() >= 400) {
                            kafka.stopAllBrokers();
                        }
                    });
            assertThatThrownBy(selection::redrive)
                    .isInstanceOf(LettersUnavailableException.class)
                    .hasMessageContaining("letter(s)")
                    .hasMessageContaining("goes on where it stopped");
            assertThatThrownBy(reprocessor::groups).isInstanceOf(LettersUnavailableException.class);
        }
        kafka.startAllBrokers();
        try (var reprocessor = reprocessor(kafka, letters, "ann").open()) {
            RedriveReport report = reprocessor.select(all()).redrive();
            assertThat(report.applied() + report.duplicate()).isEqualTo(LETTERS);
            assertThat(report.duplicate()).isGreaterThanOrEqualTo(400);
        }
        assertEachOnceInOrder(kafka, origin, LETTERS);
    }
}
