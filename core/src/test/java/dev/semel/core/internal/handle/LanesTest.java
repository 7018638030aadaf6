package dev.semel.core.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.internal.commit.FakeCluster;
import dev.semel.core.internal.commit.Members;
import dev.semel.core.internal.commit.Ticker;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.internal.release.Outcome;
import dev.semel.core.internal.release.PartitionWindow;
import dev.semel.core.internal.release.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanesTest {

    private static final Duration BACKOFF = Duration.ofSeconds(7);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int A_TURN = 64;

    private final FakeCluster cluster = new FakeCluster();
    private final Ticker ticker = new Ticker();
    private final Release release = new Release(
            new TransactionWriter(
                    cluster.initialisedProducer(), cluster::producer, "id", Duration.ofSeconds(40), ticker),
            Duration.ofMillis(100),
            ticker);

    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingAttempts attempts = new RecordingAttempts();
    private final Lanes lanes = new Lanes(attempts, executor, executor);
    private final PartitionWindow a = release.open(new TopicPartition("a", 0));
    private final PartitionWindow b = release.open(new TopicPartition("b", 0));

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void recordsOfAPartitionAreHandledInTheirOrderWhateverBatchTheyCameIn() {
        lanes.handle(a, records("a", 0, 1));
        lanes.handle(a, records("a", 2));
        executor.runNext();
        lanes.handle(a, records("a", 3, 4));
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0", "a1", "a2", "a3", "a4");
    }

    @Test
    void aLaneNeverHasTwoThreads() {
        lanes.handle(a, records("a", 0, 1));
        lanes.handle(a, records("a", 2));
        assertThat(executor.waiting()).isEqualTo(1);
        attempts.during("a0", () -> {
            lanes.handle(a, records("a", 3));
            assertThat(executor.waiting()).isZero();
        });
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0", "a1", "a2", "a3");
    }

    @Test
    void aLaneThatRanEmptyIsStartedAgainByTheNextRecords() {
        lanes.handle(a, records("a", 0));
        executor.runAll();
        lanes.handle(a, records("a", 1));
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0", "a1");
    }

    @Test
    void anEmptyBatchStartsNothing() {
        lanes.handle(a, List.of());
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void aRecordThatWaitsToBeTriedAgainHoldsUpItsLaneAndNoThread() {
        attempts.retry("a1", 2);
        lanes.handle(a, records("a", 0, 1, 2));
        lanes.handle(b, records("b", 0, 1));
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0", "a1", "b0", "b1");
        assertThat(executor.waiting()).isZero();
        assertThat(executor.delays()).containsExactly(BACKOFF);

        lanes.handle(a, records("a", 3));
        assertThat(executor.waiting())
                .as("a lane in backoff is not started by new records")
                .isZero();

        executor.elapse();
        assertThat(attempts.made).endsWith("b1", "a1");
        executor.elapse();
        assertThat(attempts.made).endsWith("b1", "a1", "a1", "a2", "a3");
        assertThat(executor.delays()).isEmpty();
    }

    @Test
    void afterATurnOthersComeFirst() {
        lanes.handle(a, records("a", IntStream.range(0, 3 * A_TURN).toArray()));
        lanes.handle(b, records("b", IntStream.range(0, A_TURN).toArray()));
        executor.runNext();
        executor.runNext();
        assertThat(attempts.made.subList(A_TURN, 2 * A_TURN)).allMatch(name -> name.startsWith("b"));
        executor.runAll();
        assertThat(attempts.made.stream().filter(name -> name.startsWith("a")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 3 * A_TURN).mapToObj(i -> "a" + i).toList());
        assertThat(attempts.made).hasSize(4 * A_TURN);
    }

    @Test
    void recordsAddedWhenALaneEndsItsTurnAreNotForgotten() {
        int[] aTurn = IntStream.range(0, A_TURN).toArray();
        lanes.handle(a, records("a", aTurn));
        attempts.during("a" + (A_TURN - 1), () -> lanes.handle(a, records("a", A_TURN)));
        executor.runAll();
        assertThat(attempts.made).hasSize(A_TURN + 1);
        lanes.handle(a, records("a", A_TURN + 1));
        executor.runAll();
        assertThat(attempts.made).hasSize(A_TURN + 2);
    }

    @Test
    void aDrainedPartitionHandlesNothingMore() throws Exception {
        lanes.handle(a, records("a", 0, 1));
        lanes.handle(b, records("b", 0));
        assertThat(lanes.drain(List.of(a), Duration.ZERO))
                .as("queued is not running")
                .isTrue();
        executor.runAll();
        assertThat(attempts.handled()).containsExactly("b0");
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void aDrainDoesNotWaitForABackoffAndWhatWaitsIsNotTriedAgain() throws Exception {
        attempts.retry("a0", 1);
        lanes.handle(a, records("a", 0, 1));
        executor.runAll();
        assertThat(lanes.drain(List.of(a), Duration.ZERO)).isTrue();
        executor.elapse();
        assertThat(attempts.handled()).containsExactly("a0");
        assertThat(executor.delays()).isEmpty();
    }

    @Test
    void aDroppedPartitionHandlesNothingMore() {
        attempts.retry("a0", 1);
        lanes.handle(a, records("a", 0, 1));
        executor.runAll();
        lanes.drop(List.of(a));
        executor.elapse();
        assertThat(attempts.made).containsExactly("a0");

        lanes.handle(b, records("b", 0));
        lanes.drop(List.of(b));
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0");
    }

    @Test
    void whatIsDroppedInTheMiddleOfItsHandlingEndsWithIt() {
        lanes.handle(a, records("a", 0, 1, 2));
        attempts.during("a0", () -> lanes.drop(List.of(a)));
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0");
    }

    @Test
    void aPartitionThatComesBackHasALaneOfItsOwn() {
        attempts.retry("a0", 1);
        lanes.handle(a, records("a", 0, 1));
        executor.runAll();
        lanes.drop(List.of(a));
        release.drop(List.of(a.partition()));

        PartitionWindow again = release.open(a.partition());
        lanes.handle(again, records("a", 0));
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0", "a0");
        executor.elapse();
        assertThat(attempts.made).as("the old lane is over").hasSize(2);
    }

    @Test
    void aDrainWaitsForTheHandlerThatRunsAndForNoLonger() throws Exception {
        var started = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        attempts.during("a0", () -> {
            started.countDown();
            await(goOn);
        });
        var onThreads = new Lanes(attempts, threads, executor);
        onThreads.handle(a, records("a", 0, 1));
        await(started);
        assertThat(onThreads.drain(List.of(a), Duration.ofMillis(1))).isFalse();

        Future<Boolean> drained = threads.submit(() -> onThreads.drain(List.of(a), DEADLINE));
        goOn.countDown();
        assertThat(drained.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(attempts.handled()).containsExactly("a0");
    }

    @Test
    void aDrainOfManyPartitionsHasOneTimeForAllOfThem() throws Exception {
        int partitions = 40;
        var started = new CountDownLatch(partitions);
        var goOn = new CountDownLatch(1);
        var onThreads = new Lanes(attempts, threads, executor);
        var windows = new ArrayList<PartitionWindow>();
        for (int i = 0; i < partitions; i++) {
            attempts.during("p" + i + "-0", () -> {
                started.countDown();
                await(goOn);
            });
            windows.add(release.open(new TopicPartition("p" + i + "-", 0)));
            onThreads.handle(windows.get(i), records("p" + i + "-", 0));
        }
        await(started);
        long begun = System.nanoTime();
        assertThat(onThreads.drain(windows, Duration.ofMillis(100))).isFalse();
        // Each on its own would take four seconds together.
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        goOn.countDown();
        assertThat(onThreads.drain(windows, DEADLINE)).isTrue();
    }

    @Test
    void theNewRecordsOfADrainedPartitionAreNotHandledEither() throws Exception {
        lanes.drain(List.of(a), Duration.ZERO);
        lanes.handle(a, records("a", 0));
        executor.runAll();
        assertThat(attempts.handled()).isEmpty();
    }

    @Test
    void aRefusedRecordIsDecidedAnewOnAThreadOfTheExecutor() {
        lanes.handle(a, records("a", 0, 1));
        executor.runAll();
        refuse("a0");
        assertThat(attempts.refused).isEmpty();
        executor.runAll();
        assertThat(attempts.refused).containsExactly("a0");
        assertThat(attempts.made).as("no handler runs for it").hasSize(2);
    }

    @Test
    void aRefusedRecordWhoseLetterCannotBeWrittenNowIsTriedAgainLater() {
        lanes.handle(a, records("a", 0));
        executor.runAll();
        attempts.refusedLater = 2;
        refuse("a0");
        executor.runAll();
        executor.elapse();
        executor.elapse();
        assertThat(attempts.refused).containsExactly("a0", "a0", "a0");
        assertThat(executor.delays()).isEmpty();
        assertThat(executor.waiting()).isZero();
    }

    /** Has a transaction aborted because the broker refused this record. */
    private void refuse(String name) {
        release.release();
        attempts.deliveries.get(name).slot().onCompletion(null, new RecordTooLargeException("too large"));
        release.commit(Members.unfenced());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic, int... offsets) {
        return IntStream.of(offsets)
                .mapToObj(offset -> new ConsumerRecord<byte[], byte[]>(topic, 0, offset, null, null))
                .toList();
    }

    /** Completes every delivery that is wanted, at the first attempt unless told otherwise. */
    private static final class RecordingAttempts implements Attempts {

        private final List<String> made = new ArrayList<>();
        private final List<String> unwanted = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();
        private final Map<String, Delivery> deliveries = new HashMap<>();
        private final Map<String, Integer> retries = new HashMap<>();
        private final Map<String, Runnable> during = new HashMap<>();
        private int refusedLater;

        void retry(String name, int times) {
            retries.put(name, times);
        }

        void during(String name, Runnable what) {
            during.put(name, what);
        }

        /** What was wanted when it was attempted. */
        synchronized List<String> handled() {
            var handled = new ArrayList<>(made);
            unwanted.forEach(handled::remove);
            return handled;
        }

        @Override
        public Optional<Duration> attempt(Delivery delivery) {
            String name = delivery.record().topic() + delivery.record().offset();
            synchronized (this) {
                made.add(name);
                deliveries.put(name, delivery);
                if (!delivery.slot().isWanted()) {
                    unwanted.add(name);
                    return Optional.empty();
                }
            }
            during.getOrDefault(name, () -> {}).run();
            if (retries.merge(name, -1, Integer::sum) >= 0) {
                return Optional.of(BACKOFF);
            }
            delivery.slot().complete(new Outcome.Handled(List.of(new ProducerRecord<>("out", new byte[0]))));
            return Optional.empty();
        }

        @Override
        public Optional<Duration> refused(Refusal refusal) {
            Delivery delivery = refusal.delivery();
            refused.add(delivery.record().topic() + delivery.record().offset());
            return refusedLater-- > 0 ? Optional.of(BACKOFF) : Optional.empty();
        }
    }
}
