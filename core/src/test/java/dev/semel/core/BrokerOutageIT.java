package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The broker goes away and comes back. */
@KafkaTest(ownCluster = true)
class BrokerOutageIT {

    private static final int RECORDS = 20_000;

    @AfterEach
    void brokersRun(TestKafka kafka) {
        kafka.startAllBrokers();
    }

    @Test
    void aBrokerThatComesUpAfterTenSecondsIsWaitedFor(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka);
        processing.send("hello");
        kafka.stopAllBrokers();
        try (var processor = processing
                .processor()
                .handler((event, context) -> context.send(processing.output, event.key(), event.value()))
                .build()) {
            var start = CompletableFuture.runAsync(processor::start);
            assertThatThrownBy(() -> start.get(10, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(processor.state()).isEqualTo(ProcessorState.STARTING);
            kafka.startAllBrokers();
            start.get(30, TimeUnit.SECONDS);
            assertThat(processing.outputValues(1)).containsExactly("hello");
        }
    }

    @Test
    void aBrokerThatIsAwayForTwentySecondsUnderLoadCostsNothingAndDoublesNothing(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka, 4);
        processing.send(RECORDS);
        try (var processor = processing
                .processor()
                .maxInFlight(2_000, 1_000_000)
                .handler((event, context) -> context.send(processing.output, event.key(), event.value()))
                .build()) {
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> processing.committed() > 0);
            assertThat(processing.committed()).as("under load").isLessThan(RECORDS);
            kafka.stopAllBrokers();
            assertThat(processor.awaitTermination(Duration.ofSeconds(20)))
                    .as("whether it gave up")
                    .isFalse();
            assertThat(processor.state()).isEqualTo(ProcessorState.RECOVERING);
            kafka.startAllBrokers();
            processing.awaitCommitted(RECORDS);
            await().atMost(Processing.DEADLINE).until(() -> processor.state() == ProcessorState.RUNNING);
        }
        assertThat(processing.outputValues(RECORDS))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList());
        assertThat(processing.letters(0)).isEmpty();
    }
}
