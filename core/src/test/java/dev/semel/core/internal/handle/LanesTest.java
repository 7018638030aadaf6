package dev.semel.core.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.internal.commit.FakeCluster;
import dev.semel.core.internal.commit.Members;
import dev.semel.core.internal.commit.Ticker;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.internal.release.Outcome;
import dev.semel.core.internal.release.PartitionWindow;
import dev.semel.core.internal.release.Release;
import dev.semel.core.internal.release.Windows;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.awaitility.Awaitility;
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
            Windows.committingEvery(Duration.ofMillis(100)),
            ticker);

    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingAttempts attempts = new RecordingAttempts();
    private boolean paused;
    private final List<Throwable> stops = new ArrayList<>();
    private final Lanes lanes = lanes(Sequencing.byPartition(), 8, executor);
    private final PartitionWindow a = Windows.open(release, new TopicPartition("a", 0));
    private final PartitionWindow b = Windows.open(release, new TopicPartition("b", 0));

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
        assertThat(attempts.made).containsExactly("a0", "b0", "a1", "b1");
        assertThat(executor.waiting()).isZero();
        assertThat(executor.delays()).containsExactly(BACKOFF);

        lanes.handle(a, records("a", 3));
        assertThat(executor.waiting())
                .as("a lane in backoff is not started by new records")
                .isZero();

        executor.elapse();
        assertThat(attempts.made).endsWith("a1", "b1", "a1");
        executor.elapse();
        assertThat(attempts.made).endsWith("b1", "a1", "a1", "a2", "a3");
        assertThat(executor.delays()).isEmpty();
    }

    @Test
    void afterATurnOthersComeFirst() {
        Lanes lanes = lanes(Sequencing.none(), 1, executor);
        lanes.handle(a, records("a", IntStream.range(0, 3 * A_TURN).toArray()));
        lanes.handle(b, records("b", IntStream.range(0, A_TURN).toArray()));
        executor.runNext();
        assertThat(attempts.made.subList(0, A_TURN)).allMatch(name -> name.startsWith("a"));
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
    void aDuplicateThatIsNoneAfterAllIsHandledBeforeWhatIsBehindItIsReleased() {
        PartitionWindow c = withLostEffects("c1");
        attempts.duplicates.add("c1");
        lanes.handle(c, records("c", 0, 1, 2));
        executor.runAll();
        assertThat(attempts.made).containsExactly("c0", "c1", "c2");
        release.release();
        assertThat(c.sent()).as("no further than to it").isEqualTo(1);
        executor.runAll();
        assertThat(attempts.made).endsWith("c2", "c1");
        release.release();
        assertThat(c.sent()).isEqualTo(3);
    }

    @Test
    void whatComesBackIsHandledBesideNoOtherOfItsSequence() {
        PartitionWindow c = withLostEffects("c0");
        attempts.duplicates.add("c0");
        lanes.handle(c, records("c", 0));
        executor.runAll();
        attempts.during("c1", () -> {
            release.release();
            assertThat(executor.waiting()).as("c1 is running").isZero();
            lanes.handle(c, records("c", 3));
        });
        lanes.handle(c, records("c", 1, 2));
        executor.runAll();
        assertThat(attempts.made).containsExactly("c0", "c1", "c2", "c0", "c3");
    }

    /** Its outcome is there before its run has ended: those of a batch are decided one by one. */
    @Test
    void whatHasNotLeftItsLaneDoesNotComeBackYet() {
        PartitionWindow c = withLostEffects("c0");
        attempts.duplicates.add("c0");
        var batches = new Lanes(
                attempts,
                new LaneSettings(Sequencing.byPartition(), 8, 2, DEADLINE),
                executor,
                executor,
                ticker,
                () -> paused,
                stops::add);
        attempts.during("c1", () -> {
            release.release();
            assertThat(c.sent()).isZero();
        });
        batches.handle(c, records("c", 0, 1, 2));
        executor.runAll();
        assertThat(attempts.runs).containsExactly(List.of("c0", "c1"), List.of("c2"));
        release.release();
        executor.runAll();
        assertThat(attempts.runs).endsWith(List.of("c2"), List.of("c0"));
        release.release();
        assertThat(c.sent()).isEqualTo(3);
    }

    @Test
    void whatComesBackToAPartitionThatIsDrainedIsForItsNextOwner() throws Exception {
        PartitionWindow c = withLostEffects("c0");
        attempts.duplicates.add("c0");
        lanes.handle(c, records("c", 0));
        executor.runAll();
        lanes.drain(List.of(c), Duration.ZERO);
        release.release();
        executor.runAll();
        assertThat(attempts.made).containsExactly("c0");
        assertThat(c.sent()).isZero();
    }

    /** Somebody takes part who knows of these records that the effect which made them duplicates is lost; once. */
    private PartitionWindow withLostEffects(String... names) {
        var lost = new ArrayList<>(List.of(names));
        return Windows.open(release, new TopicPartition("c", 0), new PartitionParticipant() {
            @Override
            public boolean isStillDuplicate(long offset) {
                String name = "c" + offset;
                return !lost.contains(name) || attempts.made.indexOf(name) != attempts.made.lastIndexOf(name);
            }
        });
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

        PartitionWindow again = Windows.open(release, a.partition());
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
        var onThreads = lanes(Sequencing.byPartition(), 64, threads);
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
        var onThreads = lanes(Sequencing.byPartition(), 64, threads);
        var windows = new ArrayList<PartitionWindow>();
        for (int i = 0; i < partitions; i++) {
            attempts.during("p" + i + "-0", () -> {
                started.countDown();
                await(goOn);
            });
            windows.add(Windows.open(release, new TopicPartition("p" + i + "-", 0)));
            onThreads.handle(windows.get(i), records("p" + i + "-", 0));
        }
        while (started.getCount() > 0) {
            onThreads.watch();
        }
        long begun = System.nanoTime();
        assertThat(onThreads.drain(windows, Duration.ofMillis(100))).isFalse();
        // Each on its own would take four seconds together.
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        goOn.countDown();
        assertThat(onThreads.drain(windows, DEADLINE)).isTrue();
    }

    @Test
    void aDrainInterruptsAHandlerThatOutrunsItsDeadline() throws Exception {
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        attempts.during("a0", () -> {
            started.countDown();
            try {
                new CountDownLatch(1).await(2 * DEADLINE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        var onThreads = lanes(Sequencing.byPartition(), 1, threads);
        onThreads.handle(a, records("a", 0));
        await(started);
        ticker.advance(DEADLINE);
        assertThat(onThreads.drain(List.of(a), DEADLINE)).isTrue();
        await(interrupted);
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

    private Lanes lanes(Sequencing sequencing, int concurrency, Executor workers) {
        return new Lanes(
                attempts,
                new LaneSettings(sequencing, concurrency, 1, DEADLINE),
                workers,
                executor,
                ticker,
                () -> paused,
                stops::add);
    }

    @Test
    void recordsOfAKeyAreHandledInTheirOrderAndOthersBesideThem() {
        Lanes lanes = lanes(Sequencing.byKey(), 4, executor);
        attempts.retry("a0", 1);
        lanes.handle(a, keyed("k", "l", "k", null, "l", null));
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0", "a1", "a3", "a4", "a5");
        executor.elapse();
        assertThat(attempts.made).endsWith("a5", "a0", "a2");
    }

    /** Only what is complete from the oldest on can be committed, so going on with a key for long would hold up the others. */
    @Test
    void theOldestRecordComesFirstWhicheverKeyItHas() {
        Lanes lanes = lanes(Sequencing.byKey(), 1, executor);
        attempts.retry("a1", 1);
        lanes.handle(a, keyed("k", "l", "m", "k", "k", "l", "m", "k"));
        attempts.during("a2", executor::elapse);
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0", "a1", "a2", "a1", "a3", "a4", "a5", "a6", "a7");
    }

    @Test
    void aRecordWithTheKeyOfOneThatRunsWaitsForItsEnd() {
        Lanes lanes = lanes(Sequencing.byKey(), 4, executor);
        attempts.during("a0", () -> {
            executor.runAll();
            assertThat(attempts.made).containsExactly("a0", "a1");
        });
        lanes.handle(a, keyed("k", "l", "k"));
        executor.runNext();
        assertThat(attempts.made).containsExactly("a0", "a1", "a2");
    }

    @Test
    void withoutOrderNothingWaitsForAnother() {
        Lanes lanes = lanes(Sequencing.none(), 4, executor);
        attempts.during("a0", executor::runAll);
        lanes.handle(a, keyed("k", "k", "k"));
        executor.runNext();
        assertThat(attempts.made).containsExactly("a0", "a1", "a2");
    }

    @Test
    void noMoreHandlersRunThanAreAllowed() {
        Lanes lanes = lanes(Sequencing.none(), 3, executor);
        lanes.handle(a, records("a", IntStream.range(0, 500).toArray()));
        lanes.handle(b, records("b", IntStream.range(0, 500).toArray()));
        lanes.watch();
        lanes.watch();
        assertThat(executor.waiting()).isEqualTo(3);
        executor.runAll();
        assertThat(attempts.made).hasSize(1_000);
    }

    @Test
    void whereWorkersBlockMoreAreStartedAtEachLookUntilAllAreAtWork() throws Exception {
        var started = new CountDownLatch(16);
        var goOn = new CountDownLatch(1);
        Lanes lanes = lanes(Sequencing.none(), 16, threads);
        // What takes no time lets one worker do everything.
        lanes.handle(b, records("b", IntStream.range(0, 2_000).toArray()));
        assertThat(lanes.drain(List.of(b), DEADLINE)).isTrue();
        for (int i = 0; i < 16; i++) {
            attempts.during("a" + i, () -> {
                started.countDown();
                await(goOn);
            });
        }
        lanes.handle(a, records("a", IntStream.range(0, 16).toArray()));
        while (started.getCount() > 0) {
            lanes.watch();
        }
        goOn.countDown();
    }

    @Test
    void aHandlerThatOutrunsItsDeadlineIsInterruptedAndThenGivenUp() throws Exception {
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        attempts.during("a0", () -> {
            started.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            await(goOn);
        });
        Lanes lanes = lanes(Sequencing.byPartition(), 1, threads);
        lanes.handle(a, records("a", 0));
        lanes.handle(b, records("b", 0));
        await(started);
        ticker.advance(DEADLINE.minusNanos(1));
        lanes.watch();
        assertThat(interrupted.getCount()).isEqualTo(1);
        ticker.advance(Duration.ofNanos(1));
        lanes.watch();
        await(interrupted);
        assertThat(lanes.stuck()).isZero();
        assertThat(lanes.drain(List.of(a), Duration.ZERO)).isFalse();

        ticker.advance(Duration.ofSeconds(5));
        lanes.watch();
        assertThat(lanes.stuck()).isEqualTo(1);
        assertThat(lanes.drain(List.of(a), Duration.ZERO)).as("not waited for").isTrue();
        Awaitility.await("another thread goes on, and somebody decides about what was given up")
                .atMost(DEADLINE)
                .until(() -> attempts.handled().contains("b0") && !attempts.abandoned.isEmpty());
        goOn.countDown();
        end();
        assertThat(attempts.abandoned).containsExactly("a0");
        assertThat(attempts.made).containsExactlyInAnyOrder("a0", "b0");
        assertThat(lanes.stuck()).isZero();
        assertThat(stops).isEmpty();
    }

    @Test
    void whatIsBegunNoMoreInAPauseGoesOnAfterIt() {
        lanes.handle(a, records("a", 0, 1, 2));
        attempts.during("a0", () -> paused = true);
        executor.runAll();
        assertThat(attempts.made).containsExactly("a0");
        lanes.handle(b, records("b", 0));
        lanes.watch();
        assertThat(executor.waiting()).isZero();
        paused = false;
        lanes.watch();
        executor.runAll();
        assertThat(attempts.made).containsExactlyInAnyOrder("a0", "a1", "a2", "b0");
    }

    @Test
    void aBatchTakesWhatMayBeHandledTogetherInTheOrderOfEachKey() {
        var lanes = new Lanes(
                attempts,
                new LaneSettings(Sequencing.byKey(), 1, 4, DEADLINE),
                executor,
                executor,
                ticker,
                () -> paused,
                stops::add);
        attempts.retry("a0", 1);
        lanes.handle(a, keyed("k", "l", "k", "k", "l", "m"));
        executor.runAll();
        assertThat(attempts.runs).containsExactly(List.of("a0", "a2", "a3", "a1"), List.of("a4", "a5"));
        assertThat(attempts.handled()).containsExactly("a0", "a2", "a3", "a1", "a4", "a5");
        executor.elapse();
        assertThat(attempts.runs).last().isEqualTo(List.of("a0"));
    }

    @Test
    void aRunThatEndsWhileAnotherIsGivenUpIsNotGivenUpToo() throws Exception {
        var started = new CountDownLatch(2);
        var goOn = Map.of("a0", new CountDownLatch(1), "b0", new CountDownLatch(1));
        for (String name : List.of("a0", "b0")) {
            attempts.during(name, () -> {
                started.countDown();
                while (true) {
                    try {
                        goOn.get(name).await();
                        return;
                    } catch (InterruptedException e) {
                        // Heeds none.
                    }
                }
            });
        }
        var pool = new ThreadPoolExecutor(0, 100, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        var first = new AtomicBoolean(true);
        var armed = new AtomicBoolean();
        Lanes[] self = new Lanes[1];
        // Between the look and the second abandon(): the poll thread is held up, here by the executor.
        Executor executing = task -> {
            if (armed.get() && first.compareAndSet(true, false)) {
                // Whichever comes first in watch() is given up already; the other one ends now.
                goOn.values().forEach(CountDownLatch::countDown);
                Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> pool.getActiveCount() == 0);
            }
            pool.execute(task);
        };
        Lanes lanes = lanes(Sequencing.none(), 2, executing);
        lanes.handle(a, records("a", 0));
        lanes.handle(b, records("b", 0));
        while (started.getCount() > 0) {
            lanes.watch();
        }
        ticker.advance(DEADLINE);
        lanes.watch();
        armed.set(true);
        ticker.advance(Duration.ofSeconds(5));
        lanes.watch();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> pool.getActiveCount() == 0);
        assertThat(lanes.stuck()).as("no handler runs").isZero();
        assertThat(lanes.drain(List.of(a, b), Duration.ofSeconds(1))).isTrue();
        pool.shutdown();
    }

    /** An event that came too early is handled behind the one it needs: what that sent goes first, or readers see the effect before its cause. */
    @Test
    void whatAKeyHadHandledBeforeARedeliveryIsReleasedBeforeIt() {
        var sent = new ArrayList<Long>();
        PartitionWindow window = Windows.open(release, new TopicPartition("a", 1), new PartitionParticipant() {
            @Override
            public void sent(Settlement settlement) {
                sent.add(settlement.offset());
            }
        });
        Lanes lanes = lanes(Sequencing.byKey(), 4, executor);
        lanes.handle(window, List.of(keyedAt(7, "k")));
        lanes.redeliver(window, List.of(new Redelivery(keyedAt(2, "k"), 0, 1, false)));
        executor.runAll();
        assertThat(attempts.made).containsExactly("a7", "a2");
        release.release();
        assertThat(sent).containsExactly(7L, 2L);
    }

    /** A slow record of another key at the head: the redelivery is committed without what its key had handled before it. */
    @Test
    void aRedeliveryIsNotReleasedWithoutWhatItsKeyHadHandledBeforeIt() {
        var sent = new ArrayList<Long>();
        PartitionWindow window = Windows.open(release, new TopicPartition("a", 1), new PartitionParticipant() {
            @Override
            public void sent(Settlement settlement) {
                sent.add(settlement.offset());
            }
        });
        Lanes lanes = lanes(Sequencing.byKey(), 4, executor);
        attempts.retry("a6", 1);
        lanes.handle(window, List.of(keyedAt(6, "other"), keyedAt(7, "k")));
        lanes.redeliver(window, List.of(new Redelivery(keyedAt(2, "k"), 0, 1, false)));
        executor.runAll();
        assertThat(attempts.made).containsExactlyInAnyOrder("a6", "a7", "a2");
        release.release();
        assertThat(sent).isEmpty();
    }

    @Test
    void redeliveriesLeaveRecordsOfTheSourceTheirTurn() {
        Lanes lanes = lanes(Sequencing.none(), 1, executor);
        lanes.handle(a, records("a", 1_000_000));
        // As the poll loop does it: for each that is done another is handed in.
        for (int i = 0; i < 5_000; i++) {
            int next = i + 500;
            attempts.during(
                    "a" + i, () -> lanes.redeliver(a, List.of(new Redelivery(keyedAt(next, null), 0, 0, true))));
        }
        lanes.redeliver(
                a,
                IntStream.range(0, 500)
                        .mapToObj(i -> new Redelivery(keyedAt(i, null), 0, 0, true))
                        .toList());
        executor.runAll();
        assertThat(attempts.made.indexOf("a1000000")).isLessThan(1_000);
    }

    private static ConsumerRecord<byte[], byte[]> keyedAt(long offset, String key) {
        return new ConsumerRecord<>("a", 0, offset, key == null ? null : key.getBytes(StandardCharsets.UTF_8), null);
    }

    /** Records of topic a with these keys. */
    private static List<ConsumerRecord<byte[], byte[]>> keyed(String... keys) {
        return IntStream.range(0, keys.length)
                .mapToObj(i -> new ConsumerRecord<byte[], byte[]>(
                        "a", 0, i, keys[i] == null ? null : keys[i].getBytes(StandardCharsets.UTF_8), null))
                .toList();
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
        private final List<String> abandoned = new CopyOnWriteArrayList<>();
        private final List<String> duplicates = new ArrayList<>();
        private final List<List<String>> runs = new ArrayList<>();
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
        public void attempt(Run run) {
            synchronized (this) {
                runs.add(run.deliveries().stream().map(RecordingAttempts::name).toList());
            }
            run.begin();
            run.deliveries().forEach(this::attempt);
            if (!run.end()) {
                run.decide(() -> run.deliveries().forEach(Delivery::isDoneWith));
            }
        }

        private void attempt(Delivery delivery) {
            String name = name(delivery);
            synchronized (this) {
                made.add(name);
                deliveries.put(name, delivery);
                if (!delivery.slot().isWanted()) {
                    unwanted.add(name);
                    delivery.isDoneWith();
                    return;
                }
            }
            during.getOrDefault(name, () -> {}).run();
            synchronized (this) {
                if (retries.merge(name, -1, Integer::sum) >= 0) {
                    delivery.comesAgainAfter(BACKOFF);
                    return;
                }
            }
            delivery.isDoneWith();
            delivery.slot()
                    .complete(
                            duplicates.remove(name)
                                    ? Outcome.Duplicate.OF_ANOTHER
                                    : new Outcome.Handled(List.of(new ProducerRecord<>("out", new byte[0]))));
        }

        @Override
        public void abandoned(Run run) {
            run.decide(() -> run.deliveries().forEach(delivery -> {
                abandoned.add(name(delivery));
                delivery.slot().complete(new Outcome.Handled(List.of()));
                delivery.isDoneWith();
            }));
        }

        private static String name(Delivery delivery) {
            return delivery.record().topic() + delivery.record().offset();
        }

        @Override
        public Optional<Duration> refused(Refusal refusal) {
            Delivery delivery = refusal.delivery();
            refused.add(delivery.record().topic() + delivery.record().offset());
            return refusedLater-- > 0 ? Optional.of(BACKOFF) : Optional.empty();
        }
    }
}
