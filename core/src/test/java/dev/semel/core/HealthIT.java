package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.failure.StartupException;
import dev.semel.core.health.Health;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.health.Wedge;
import dev.semel.core.health.WedgeKind;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is wrong shows where the documentation says, within the time that it says, and nowhere else. */
@KafkaTest
class HealthIT {

    private static final Duration WEDGE = Duration.ofSeconds(2);

    /** What is let go when a test ends, so that its processor can close. */
    private final CountDownLatch testEnds = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        testEnds.countDown();
    }

    @Test
    void aProcessorThatWorksIsWell(TestKafka kafka) {
        var processing = Processing.on(kafka, 3);
        processing.send(100);
        try (var processor = builder(processing).handler((event, context) -> {}).build()) {
            assertThat(processor.health().startup().ok()).isFalse();
            assertThat(processor.health().readiness().ok()).isFalse();
            processor.start();
            assertThat(processor.health().startup().ok()).isTrue();
            awaitHealth(processor, health -> health.readiness().ok());
            processing.awaitCommitted(100);
            awaitHealth(
                    processor,
                    health -> health.lags().size() == 3
                            && health.lags().values().stream().allMatch(lag -> lag == 0));
            assertWell(processor.health());
            assertThat(processor.health().readiness(0).ok()).isTrue();
        }
    }

    @Test
    void aMemberWithoutAPartitionIsReady(TestKafka kafka) {
        var processing = Processing.on(kafka, 1);
        try (var first = builder(processing).handler((event, context) -> {}).build();
                var second = builder(processing).handler((event, context) -> {}).build()) {
            first.start();
            second.start();
            awaitHealth(
                    first, health -> health.readiness().ok() && health.lags().size() == 1);
            awaitHealth(second, health -> health.readiness().ok());
            assertThat(first.health().lags().size() + second.health().lags().size())
                    .isEqualTo(1);
        }
    }

    @Test
    void aPollThreadThatStandsStillShowsInLiveness(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var stopped = new AtomicBoolean();
        try (var processor = builder(processing)
                .clients(polling(() -> {
                    if (stopped.get()) {
                        awaitEnd();
                    }
                }))
                .kafka(withShortCalls(kafka))
                .drainTimeout(Duration.ofSeconds(1))
                .handler((event, context) -> {})
                .build()) {
            processor.start();
            awaitHealth(processor, health -> health.readiness().ok());
            stopped.set(true);
            Health health = awaitHealth(processor, seen -> !seen.liveness().ok());
            assertThat(health.liveness().reason()).startsWith("the poll loop has not moved for 1");
            assertThat(health.startup().ok()).isTrue();
            assertThat(health.readiness().ok()).as(health.readiness().reason()).isTrue();
            assertThat(health.wedges()).isEmpty();
            // With something to read, the partition is named as well.
            processing.send("unread");
            Wedge wedge = awaitWedge(processor);
            assertThat(wedge.kind()).isEqualTo(WedgeKind.NOT_POLLED);
            assertThat(wedge.offset()).isZero();
            testEnds.countDown();
            awaitHealth(processor, seen -> seen.liveness().ok() && seen.wedges().isEmpty());
        }
    }

    @Test
    void aHandlerThatBlocksShowsAsAWedgeWithItsRecord(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0", "1", "blocks", "3");
        try (var processor = builder(processing)
                .handler((event, context) -> {
                    if (event.value().equals("blocks")) {
                        awaitEnd();
                    }
                })
                .build()) {
            processor.start();
            Wedge wedge = awaitWedge(processor);
            assertThat(wedge.kind()).isEqualTo(WedgeKind.HANDLER);
            assertThat(wedge.partition()).isEqualTo(processing.inputPartition());
            assertThat(wedge.offset()).isEqualTo(2);
            assertThat(wedge.lasting()).isGreaterThanOrEqualTo(WEDGE);
            assertThat(wedge.detail()).startsWith("offset 2: its handler runs, since");
            assertProbesOk(processor.health());
            assertThat(processor.health().readiness(1).ok()).isFalse();
            testEnds.countDown();
            awaitHealth(processor, health -> health.wedges().isEmpty());
            processing.awaitCommitted(4);
        }
    }

    @Test
    void aRecordThatIsRetriedForLongShowsAsAWedge(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("fails");
        try (var processor = builder(processing)
                .onFailure(RetryPolicy.fixed(Duration.ofMinutes(5))
                        .maxTotal(Duration.ofMinutes(20))
                        .thenStop())
                .handler((event, context) -> {
                    throw new IllegalStateException("not yet");
                })
                .build()) {
            processor.start();
            Wedge wedge = awaitWedge(processor);
            assertThat(wedge.kind()).isEqualTo(WedgeKind.HANDLER);
            assertThat(wedge.detail()).startsWith("offset 0: it waits to be tried again, since");
            assertProbesOk(processor.health());
        }
    }

    /** A reader at read_committed sees no lag here, and no error. */
    @Test
    void aTransactionThatAWriterDoesNotEndShowsAsAWedgeOfItsOwnKind(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0", "1");
        try (var writer = transactional(kafka);
                var processor =
                        builder(processing).handler((event, context) -> {}).build()) {
            writer.initTransactions();
            writer.beginTransaction();
            writer.send(new ProducerRecord<>(processing.input, 0, null, Processing.bytes("open")));
            writer.flush();
            processing.send("behind it");
            processor.start();
            Wedge wedge = awaitWedge(processor);
            assertThat(wedge.kind()).isEqualTo(WedgeKind.HANGING_TRANSACTION);
            assertThat(wedge.partition()).isEqualTo(processing.inputPartition());
            assertThat(wedge.offset()).isEqualTo(2);
            assertThat(processor.health().lags()).containsEntry(processing.inputPartition(), 2L);
            assertProbesOk(processor.health());
            writer.commitTransaction();
            awaitHealth(processor, health -> health.wedges().isEmpty());
            processing.awaitCommitted(5); // four records and a marker
        }
    }

    /** Nothing of it can be read, and the partition ends behind it all the same. */
    @Test
    void aTransactionThatAWriterAbortedIsNoWedge(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0");
        try (var writer = transactional(kafka)) {
            writer.initTransactions();
            try (var processor =
                    builder(processing).handler((event, context) -> {}).build()) {
                processor.start();
                processing.awaitCommitted(1);
                abortOne(writer, processing);
                assertStaysWell(processor, processing, 3); // two records and a marker
            }
            abortOne(writer, processing);
            try (var processor =
                    builder(processing).handler((event, context) -> {}).build()) {
                processor.start();
                assertStaysWell(processor, processing, 5);
            }
        }
    }

    private static void abortOne(Producer<byte[], byte[]> writer, Processing processing) {
        writer.beginTransaction();
        writer.send(new ProducerRecord<>(processing.input, 0, null, Processing.bytes("aborted")));
        writer.flush();
        writer.abortTransaction();
    }

    private static void assertStaysWell(EventProcessor<?, ?> processor, Processing processing, long end) {
        processing.awaitCommitted(end);
        awaitHealth(processor, health -> health.readiness().ok());
        await().during(WEDGE.multipliedBy(2))
                .atMost(Processing.DEADLINE)
                .until(
                        processor::health,
                        health -> health.wedges().isEmpty()
                                && health.lags().equals(Map.of(processing.inputPartition(), 0L)));
    }

    @Test
    void aPauseShowsInReadinessAndIsNoWedge(TestKafka kafka) {
        var processing = Processing.on(kafka);
        try (var processor = builder(processing).handler((event, context) -> {}).build()) {
            processor.start();
            awaitHealth(processor, health -> health.readiness().ok());
            processor.pause("stock is being counted");
            processing.send("unread");
            await().during(WEDGE.multipliedBy(2))
                    .atMost(Processing.DEADLINE)
                    .until(
                            processor::health,
                            health -> health.readiness().reason().equals("paused: stock is being counted")
                                    && health.liveness().ok()
                                    && health.wedges().isEmpty());
            processor.resume();
            processing.awaitCommitted(1);
            awaitHealth(processor, health -> health.readiness().ok());
            assertWell(processor.health());
        }
    }

    @Test
    void aRestoreThatDoesNotEndShowsAsAWedge(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0");
        try (var processor = builder(processing)
                .participant(partition -> new PartitionParticipant() {
                    @Override
                    public void restore(long offset) {
                        awaitEnd();
                    }
                })
                .handler((event, context) -> {})
                .build()) {
            processor.start();
            Wedge wedge = awaitWedge(processor);
            assertThat(wedge.kind()).isEqualTo(WedgeKind.NOT_POLLED);
            assertThat(wedge.detail()).endsWith("the partition is being restored");
            assertThat(processor.health().liveness().ok()).isTrue();
        }
    }

    @Test
    void aCommitThatDoesNotSucceedShowsAsAWedge(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0");
        try (var processor = builder(processing)
                .clients(committing(() -> {
                    throw new TimeoutException("no answer");
                }))
                .drainTimeout(Duration.ofSeconds(1))
                .handler((event, context) -> {})
                .build()) {
            processor.start();
            Wedge wedge = awaitWedge(processor);
            assertThat(wedge.kind()).isEqualTo(WedgeKind.COMMIT);
            assertThat(processor.health().liveness().ok()).isTrue();
        }
    }

    @Test
    @KafkaTest(ownCluster = true)
    void aClusterThatIsAwayShowsInReadiness(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0");
        try (var processor = builder(processing).handler((event, context) -> {}).build()) {
            processor.start();
            processing.awaitCommitted(1);
            awaitHealth(processor, health -> health.readiness().ok());
            kafka.stopAllBrokers();
            long stopped = System.nanoTime();
            Health health = awaitHealth(processor, seen -> !seen.readiness().ok());
            assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(20));
            assertThat(health.readiness().reason()).startsWith("the cluster has not answered for ");
            assertThat(health.startup().ok()).isTrue();
            // Longer than the poll loop may stand still.
            await().during(Duration.ofSeconds(30))
                    .atMost(Duration.ofSeconds(90))
                    .until(
                            processor::health,
                            seen -> seen.liveness().ok()
                                    && !seen.readiness().ok()
                                    && seen.wedges().isEmpty());
            kafka.startAllBrokers();
            awaitHealth(processor, seen -> seen.readiness().ok());
            assertWell(processor.health());
        }
    }

    @Test
    void aClusterThatCannotBeReachedAtTheStartShowsInStartup(TestKafka kafka) {
        var processing = Processing.on(kafka);
        try (var processor = builder(processing)
                .kafka(Map.of("bootstrap.servers", "localhost:1"))
                .startDeadline(Duration.ofSeconds(2))
                .handler((event, context) -> {})
                .build()) {
            assertThatThrownBy(processor::start).isInstanceOf(StartupException.class);
            Health health = processor.health();
            assertThat(health.startup().ok()).isFalse();
            assertThat(health.startup().reason()).contains("could not reach the cluster");
            assertThat(health.liveness().ok()).isTrue();
            assertThat(health.readiness().reason()).isEqualTo("not started: FAILED");
            assertThat(health.wedges()).isEmpty();
        }
    }

    @Test
    void aProcessorThatAnErrorHasStoppedShowsInLiveness(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("0");
        try (var processor = builder(processing)
                .handler((event, context) -> {
                    throw new NoClassDefFoundError("left out of the jar");
                })
                .build()) {
            processor.start();
            Health health = awaitHealth(processor, seen -> seen.state() == ProcessorState.FAILED);
            assertThat(health.liveness().ok()).isFalse();
            assertThat(health.liveness().reason()).contains("left out of the jar");
            assertThat(health.readiness().ok()).isFalse();
            assertThat(health.startup().ok()).isTrue();
            assertThat(health.wedges()).isEmpty();
        }
    }

    private static EventProcessorBuilder<String, String> builder(Processing processing) {
        return processing.processor().wedgeAfter(WEDGE).handlerDeadline(Duration.ofMinutes(5));
    }

    private static Map<String, Object> withShortCalls(TestKafka kafka) {
        var config = new HashMap<>(kafka.clientConfig());
        config.put("max.block.ms", 1000);
        return config;
    }

    private static Producer<byte[], byte[]> transactional(TestKafka kafka) {
        Map<String, Object> config = kafka.clientConfig();
        config.put("transactional.id", kafka.name("writer"));
        config.put("transaction.timeout.ms", 300_000);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static KafkaClients polling(Runnable before) {
        return new Faulty((step, moment, occurrence) -> {
            if (step == Step.POLL && moment == FaultInjection.Moment.BEFORE) {
                before.run();
            }
        });
    }

    private static KafkaClients committing(Runnable before) {
        return new Faulty((step, moment, occurrence) -> {
            if (step == Step.COMMIT && moment == FaultInjection.Moment.BEFORE) {
                before.run();
            }
        });
    }

    private void awaitEnd() {
        try {
            testEnds.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Health awaitHealth(EventProcessor<?, ?> processor, Predicate<Health> condition) {
        return await().atMost(Processing.DEADLINE).until(processor::health, condition);
    }

    private static Wedge awaitWedge(EventProcessor<?, ?> processor) {
        return awaitHealth(processor, health -> !health.wedges().isEmpty())
                .wedges()
                .get(0);
    }

    private static void assertWell(Health health) {
        assertProbesOk(health);
        assertThat(health.wedges()).isEmpty();
    }

    private static void assertProbesOk(Health health) {
        assertThat(health.startup().ok()).as(health.startup().reason()).isTrue();
        assertThat(health.liveness().ok()).as(health.liveness().reason()).isTrue();
        assertThat(health.readiness().ok()).as(health.readiness().reason()).isTrue();
    }

    /** Clients that fail where a fault does. */
    private record Faulty(FaultInjection.Fault fault) implements KafkaClients {

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
            return FaultInjection.consumer(KafkaClients.standard().consumer(config), fault);
        }

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> config) {
            return FaultInjection.producer(KafkaClients.standard().producer(config), fault);
        }

        @Override
        public Admin admin(Map<String, Object> config) {
            return KafkaClients.standard().admin(config);
        }
    }
}
