package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
                .startDeadline(Processing.DEADLINE.multipliedBy(2))
                .handler((event, context) -> context.send(processing.output, event.key(), event.value()))
                .build()) {
            var start = CompletableFuture.runAsync(processor::start);
            assertThatThrownBy(() -> start.get(10, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(processor.state()).isEqualTo(ProcessorState.STARTING);
            kafka.startAllBrokers();
            start.get(Processing.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertThat(processing.outputValues(1)).containsExactly("hello");
        }
    }

    @Test
    void aBrokerThatIsAwayForTwentySecondsUnderLoadCostsNothingAndDoublesNothing(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka, 4);
        processing.send(RECORDS);
        var brokersAreGone = new CountDownLatch(1);
        try (var processor = processing
                .processor()
                .maxInFlight(2_000, 1_000_000)
                .handler((event, context) -> {
                    if (Integer.parseInt(event.value()) > RECORDS / 2) {
                        brokersAreGone.await();
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> processing.committed() > 0);
            kafka.stopAllBrokers();
            brokersAreGone.countDown(); // half of the input at least is left, which makes the load
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
