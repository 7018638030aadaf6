package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.event.EventHandler;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which records are handled beside each other, in which order, and in which order their outputs can be read. */
@KafkaTest
class OrderIT {

    private static final int KEYS = 10;

    @Test
    void recordsOfAPartitionAreHandledBesideEachOtherAndThoseOfAKeyInTheirOrder(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(1_000);
        var handling = new Handlings();
        try (var processor = processing
                .processor()
                .concurrency(8)
                .handler(handling.around((event, context) -> {
                    // A time of chance, so that what comes later is often done earlier.
                    TimeUnit.MICROSECONDS.sleep((event.value().hashCode() & 7) * 300L);
                    context.send(processing.output, event.key(), event.value());
                }))
                .build()) {
            processor.start();
            assertThat(processing.outputValues(1_000))
                    .as("outputs are in the order of the input, whatever was done first")
                    .containsExactlyElementsOf(values(1_000));
        }
        assertThat(handling.mostAtATime()).isBetween(2, 8);
        assertThat(handling.keysHandledTwiceAtATime()).isEmpty();
        for (int key = 0; key < KEYS; key++) {
            int of = key;
            assertThat(handling.ofKey("key-" + key))
                    .containsExactlyElementsOf(values(1_000).stream()
                            .filter(value -> Integer.parseInt(value) % KEYS == of)
                            .toList());
        }
    }

    @Test
    void recordsOfAPartitionAreHandledOneAfterTheOtherWhereThatIsTheOrder(TestKafka kafka) {
        var processing = Processing.on(kafka, 2);
        processing.send(200);
        var handling = new Handlings();
        var both = new CountDownLatch(2);
        try (var processor = processing
                .processor()
                .order(ProcessingOrder.PARTITION)
                .concurrency(8)
                .handler(handling.around((event, context) -> {
                    if (event.position().offset() == 0) {
                        both.countDown();
                        assertThat(both.await(60, TimeUnit.SECONDS))
                                .as("the other partition is handled at the same time")
                                .isTrue();
                    }
                    context.send(processing.output, event.key(), event.value());
                }))
                .build()) {
            processor.start();
            processing.awaitCommitted(200);
        }
        assertThat(handling.mostAtATime()).isEqualTo(2);
        for (int partition = 0; partition < 2; partition++) {
            int of = partition;
            assertThat(handling.all().stream().filter(value -> Integer.parseInt(value) % 2 == of))
                    .containsExactlyElementsOf(values(200).stream()
                            .filter(value -> Integer.parseInt(value) % 2 == of)
                            .toList());
        }
    }

    @Test
    void withoutOrderRecordsOfAKeyAreHandledBesideEachOtherToo(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("a", "b", "c");
        var all = new CountDownLatch(3);
        try (var processor = processing
                .processor()
                .order(ProcessingOrder.UNORDERED)
                .concurrency(3)
                .handler((event, context) -> {
                    all.countDown();
                    assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            assertThat(processing.outputValues(3)).containsExactly("a", "b", "c");
        }
        assertThat(processing.letters(0)).isEmpty();
    }

    @Test
    void aSlowRecordHoldsBackTheCommitOfItsPartitionAndTheHandlingOfItsKeyOnly(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var slow = new CountDownLatch(1);
        var handled = new ConcurrentLinkedQueue<String>();
        try (var processor = processing
                .processor()
                .concurrency(2)
                .handler((event, context) -> {
                    if (event.value().equals("0")) {
                        slow.await();
                    }
                    handled.add(event.value());
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            processing.send(100);
            List<String> others = values(100).stream()
                    .filter(value -> Integer.parseInt(value) % KEYS != 0)
                    .toList();
            await().atMost(Processing.DEADLINE).until(() -> handled.size() == others.size());
            assertThat(handled).containsExactlyInAnyOrderElementsOf(others);
            assertThat(processing.committed()).isZero();
            assertThat(processing.outputs(0)).isEmpty();

            slow.countDown();
            assertThat(processing.outputValues(100)).containsExactlyElementsOf(values(100));
        }
    }

    @Test
    void aKeyThatWaitsToBeTriedAgainHoldsNoThread(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var failures = new AtomicInteger();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        try (var processor = processing
                .processor()
                .concurrency(1)
                .onFailure(RetryPolicy.fixed(Duration.ofMinutes(5))
                        .maxAttempts(2)
                        .maxTotal(Duration.ofHours(1))
                        .thenDeadLetter(processing.letters))
                .handler((event, context) -> {
                    if (event.key().equals("key-3")) {
                        failures.incrementAndGet();
                        throw new IllegalStateException("not yet");
                    }
                    handled.add(event.value());
                })
                .build()) {
            processor.start();
            processing.send(100);
            await().atMost(Processing.DEADLINE).until(() -> handled.size() == 90);
            assertThat(failures).as("only the first of the key was tried").hasValue(1);
            processing.awaitCommitted(3);
        }
    }

    @Test
    void whatIsInFlightIsBoundedByRecordsWhilePollingGoesOn(TestKafka kafka) {
        var config = kafka.clientConfig();
        config.put("consumer.max.poll.interval.ms", 5_000);
        config.put("producer.transaction.timeout.ms", 4_000);
        config.put("consumer.max.poll.records", 10);
        assertBounded(kafka, config, 50, Long.MAX_VALUE, 50 + 10);
    }

    @Test
    void whatIsInFlightIsBoundedByBytesWhilePollingGoesOn(TestKafka kafka) {
        var config = kafka.clientConfig();
        config.put("consumer.max.poll.interval.ms", 5_000);
        config.put("producer.transaction.timeout.ms", 4_000);
        config.put("consumer.max.poll.records", 10);
        // A record is its key and its value: 5 and at most 3 bytes here.
        assertBounded(kafka, config, 1_000_000, 50 * 8, 60 * 8 / 6 + 10);
    }

    /** A record that never ends lets no more than these be taken from Kafka, and the processor stays a member. */
    private static void assertBounded(
            TestKafka kafka, Map<String, Object> config, int maxRecords, long maxBytes, int most) {
        var processing = Processing.on(kafka);
        processing.send(1_000);
        var blocked = new CountDownLatch(1);
        var handled = new AtomicInteger();
        Queue<ProcessorState> left = new ConcurrentLinkedQueue<>();
        try (var processor = processing
                .processor()
                .kafka(config)
                .drainTimeout(Duration.ofSeconds(3))
                .order(ProcessingOrder.UNORDERED)
                .concurrency(2)
                .maxInFlight(maxRecords, maxBytes)
                .handler((event, context) -> {
                    if (event.value().equals("0")) {
                        blocked.await();
                    }
                    handled.incrementAndGet();
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            await().atMost(Processing.DEADLINE).until(() -> handled.get() >= Math.min(maxRecords, maxBytes / 16) / 2);
            // Longer than a consumer may go without polling.
            await().during(Duration.ofSeconds(6)).atMost(Duration.ofSeconds(30)).until(() -> {
                if (processor.state() != ProcessorState.RUNNING) {
                    left.add(processor.state());
                }
                return handled.get() <= most;
            });
            assertThat(left).as("states while it was held up").isEmpty();
            blocked.countDown();
            assertThat(processing.outputValues(1_000)).containsExactlyElementsOf(values(1_000));
        }
    }

    @Test
    void aFullTransactionIsCommittedWithoutWaitingForTheInterval(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(500);
        var config = kafka.clientConfig();
        // None of the waits for the interval would be over within the test's patience.
        config.put("producer.transaction.timeout.ms", 200_000);
        try (var processor = processing
                .processor()
                .kafka(config)
                .commitInterval(Duration.ofSeconds(100))
                .commitAfter(10, 1_000_000)
                .handler((event, context) -> context.send(processing.output, event.key(), event.value()))
                .build()) {
            processor.start();
            processing.awaitCommitted(500);
        }
        assertThat(processing.outputValues(500)).containsExactlyElementsOf(values(500));
    }

    @Test
    void handlersRunOnTheUsersOwnExecutor(TestKafka kafka) throws Exception {
        var processing = Processing.on(kafka);
        processing.send(10);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        var executor = java.util.concurrent.Executors.newCachedThreadPool(task -> new Thread(task, "of the user"));
        try (var processor = processing
                .processor()
                .executor(executor)
                .handler((event, context) -> threads.add(Thread.currentThread().getName()))
                .build()) {
            processor.start();
            processing.awaitCommitted(10);
        }
        assertThat(threads).containsExactly("of the user");
        assertThat(executor.isShutdown()).as("it is the user's to close").isFalse();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private static List<String> values(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /** What was handled, in which order, and what at the same time. */
    private static final class Handlings {

        private final Queue<String> all = new ConcurrentLinkedQueue<>();
        private final Map<String, Queue<String>> ofKeys = new ConcurrentHashMap<>();
        private final Set<String> running = ConcurrentHashMap.newKeySet();
        private final Set<String> twice = ConcurrentHashMap.newKeySet();
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        EventHandler<String, String> around(EventHandler<String, String> handler) {
            return (event, context) -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                if (!running.add(event.key())) {
                    twice.add(event.key());
                }
                all.add(event.value());
                ofKeys.computeIfAbsent(event.key(), key -> new ConcurrentLinkedQueue<>())
                        .add(event.value());
                handler.handle(event, context);
                running.remove(event.key());
                now.decrementAndGet();
            };
        }

        int mostAtATime() {
            return most.get();
        }

        Set<String> keysHandledTwiceAtATime() {
            return twice;
        }

        Queue<String> all() {
            return all;
        }

        Queue<String> ofKey(String key) {
            return ofKeys.getOrDefault(key, new ConcurrentLinkedQueue<>());
        }
    }
}
