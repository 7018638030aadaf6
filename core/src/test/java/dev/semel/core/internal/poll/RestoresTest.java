package dev.semel.core.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.participant.PartitionParticipant;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestoresTest {

    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 0);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final FakeOffsets offsets = new FakeOffsets();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> stops = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger woken = new AtomicInteger();
    private final Recording first = new Recording("first");
    private final Recording second = new Recording("second");
    private final Restores restores = restores(tasks::add);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void offsetsAreCommitted() {
        offsets.commit(A, 11);
        offsets.commit(B, 22);
    }

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        Thread.interrupted();
    }

    @Test
    void aPartitionIsRestoredByAllInTheirOrderFromItsCommittedOffset() {
        begin(A);
        assertThat(told).as("not on the poll thread").isEmpty();
        assertThat(restores.partitions()).containsExactly(A);
        assertThat(restores.ended()).isEmpty();

        runAll();
        assertThat(told).containsExactly("first restores a-0 from 11", "second restores a-0 from 11");
        assertThat(restores.ended()).containsExactly(A);
        assertThat(restores.ended()).as("told once").isEmpty();
        assertThat(restores.partitions()).isEmpty();
        assertThat(woken).hasValue(1);
        assertThat(stops).isEmpty();
    }

    @Test
    void whereNothingWasCommittedThePartitionsStartCounts() {
        TopicPartition fresh = new TopicPartition("fresh", 0);
        offsets.start(fresh, 5);
        begin(fresh);
        runAll();
        assertThat(told).contains("first restores fresh-0 from 5");
    }

    @Test
    void anOffsetIsWaitedForUntilItIsStable() {
        offsets.start(A, 0);
        offsets.beUnstable(A);
        begin(A);
        runAll();
        assertThat(told).contains("first restores a-0 from 11");
        assertThat(offsets.asked()).isEqualTo(2);
    }

    @Test
    void partitionsAreRestoredEachOnItsOwn() {
        begin(A, B);
        tasks.removeLast().run();
        assertThat(restores.ended()).containsExactly(B);
        assertThat(restores.partitions()).containsExactly(A);
    }

    @Test
    void aRestoreThatFailsStopsTheProcessorNamingThePartition() {
        var cause = new IllegalStateException("changelog is gone");
        first.onRestore = () -> {
            throw cause;
        };
        begin(A);
        runAll();
        assertThat(stops)
                .singleElement()
                .satisfies(stop -> assertThat(stop)
                        .isInstanceOf(ProcessorFailedException.class)
                        .hasMessageContainingAll("a-0", "changelog is gone")
                        .hasCause(cause));
        assertThat(told).as("the next is not asked").containsExactly("first restores a-0 from 11");
    }

    @Test
    void theProcessorStopsBeforeAFailedPartitionIsGivenFree() {
        first.onRestore = () -> {
            throw new IllegalStateException("changelog is gone");
        };
        var endedWhenStopped = new ArrayList<TopicPartition>();
        var holder = new Restores[1];
        holder[0] = new Restores(
                new CommittedOffsets(offsets.admin("group"), "group", DEADLINE),
                tasks::add,
                cause -> endedWhenStopped.addAll(holder[0].ended()),
                () -> {});
        holder[0].begin(A, first.of(A));
        runAll();
        assertThat(endedWhenStopped).isEmpty();
    }

    @Test
    void anErrorInARestoreStopsTheProcessorToo() {
        first.onRestore = () -> {
            throw new NoClassDefFoundError("dev/shop/State");
        };
        begin(A);
        runAll();
        assertThat(stops).hasSize(1);
        assertThat(restores.ended()).as("its thread is not waited for for ever").containsExactly(A);
    }

    @Test
    void offsetsThatCannotBeReadStopTheProcessor() {
        offsets.fail(new GroupAuthorizationException("not for you"));
        begin(A);
        runAll();
        assertThat(stops)
                .singleElement()
                .satisfies(stop -> assertThat(stop).hasMessageContainingAll("a-0", "not for you"));
        assertThat(told).isEmpty();
    }

    @Test
    void aRestoredPartitionIsReleasedAtOnceAndOnce() {
        begin(A, B);
        runAll();
        restores.ended();
        told.clear();
        restores.release(List.of(A));
        assertThat(told).containsExactly("first releases a-0", "second releases a-0");
        restores.release(List.of(A));
        assertThat(told).hasSize(2);
    }

    @Test
    void aPartitionThatWasNeverHereIsNotReleased() {
        restores.release(List.of(A));
        assertThat(told).isEmpty();
    }

    @Test
    void aRestoreThatHasEndedUnnoticedIsReleasedAtOnce() {
        begin(A);
        runAll();
        told.clear();
        restores.release(List.of(A));
        assertThat(told).containsExactly("first releases a-0", "second releases a-0");
        assertThat(restores.ended()).as("it is gone").isEmpty();
    }

    @Test
    void aRestoreThatHasNotBegunIsNotBegunOnceItsPartitionIsGone() {
        begin(A);
        restores.release(List.of(A));
        assertThat(told)
                .as("it may wait for a thread for ever")
                .containsExactly("first releases a-0", "second releases a-0");
        assertThat(restores.partitions()).isEmpty();
        runAll();
        assertThat(told).hasSize(2);
        assertThat(restores.ended()).isEmpty();
        assertThat(stops).isEmpty();
    }

    @Test
    void aPartitionThatComesBackIsRestoredOnlyAfterItsRelease() {
        begin(A);
        restores.release(List.of(A));
        begin(A);
        runAll();
        assertThat(told)
                .containsExactly(
                        "first releases a-0",
                        "second releases a-0",
                        "first restores a-0 from 11",
                        "second restores a-0 from 11");
        assertThat(restores.ended()).containsExactly(A);
    }

    @Test
    void aRestoreUnderWayIsInterruptedAndReleasedByTheThreadThatRanIt() throws Exception {
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var onThreads = restores(threads::execute);
        var restoredBy = new AtomicReference<Thread>();
        var releasedBy = new AtomicReference<Thread>();
        first.onRestore = () -> {
            restoredBy.set(Thread.currentThread());
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
                awaitUninterruptibly(goOn);
            }
        };
        first.onRelease = () -> releasedBy.set(Thread.currentThread());
        onThreads.begin(A, first.of(A));
        assertThat(started.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        onThreads.release(List.of(A));
        assertThat(interrupted.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(told).as("not before the restore has ended").containsExactly("first restores a-0 from 11");
        goOn.countDown();
        Awaitility.await().atMost(DEADLINE).untilAsserted(() -> assertThat(told).contains("first releases a-0"));
        assertThat(releasedBy.get()).isSameAs(restoredBy.get()).isNotSameAs(Thread.currentThread());
        assertThat(onThreads.ended()).isEmpty();
        assertThat(stops).as("broken off is no failure").isEmpty();
    }

    /** What it was interrupted in may wrap that in whatever it likes: a pool of connections throws an SQLException. */
    @Test
    void howARestoreEndsThatWasBrokenOffDoesNotMatter() {
        first.onRestore = () -> {
            restores.release(List.of(A));
            throw new SQLException("interrupted during connection acquisition");
        };
        begin(A);
        runAll();
        assertThat(stops).isEmpty();
        assertThat(told).contains("first releases a-0", "second releases a-0");
    }

    @Test
    void anErrorStopsTheProcessorEvenInARestoreThatWasBrokenOff() {
        first.onRestore = () -> {
            restores.release(List.of(A));
            throw new NoClassDefFoundError("dev/shop/State");
        };
        begin(A);
        runAll();
        assertThat(stops).hasSize(1);
    }

    @Test
    void aPartitionThatComesBackWaitsForTheRestoreThatIgnoresItsInterrupt() throws Exception {
        var started = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        first.onRestore = () -> {
            started.countDown();
            awaitUninterruptibly(goOn);
        };
        restores.begin(A, first.of(A));
        new Thread(tasks.removeFirst()).start();
        assertThat(started.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        restores.release(List.of(A));
        first.onRestore = () -> {};

        restores.begin(A, first.of(A));
        var again = new Thread(tasks.removeFirst());
        again.start();
        Awaitility.await()
                .atMost(DEADLINE)
                .until(() -> again.getState() == Thread.State.WAITING || again.getState() == Thread.State.TERMINATED);
        assertThat(told).containsExactly("first restores a-0 from 11");
        goOn.countDown();
        Awaitility.await()
                .atMost(DEADLINE)
                .untilAsserted(() -> assertThat(restores.ended()).containsExactly(A));
        assertThat(told)
                .containsExactly("first restores a-0 from 11", "first releases a-0", "first restores a-0 from 11");
    }

    /** The interrupt of a restore that is over is not for whatever its thread does next. */
    @Test
    void aThreadIsNotLeftInterrupted() {
        first.onRestore = () -> {
            restores.release(List.of(A));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        };
        begin(A);
        runAll();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private void runAll() {
        while (!tasks.isEmpty()) {
            tasks.removeFirst().run();
        }
    }

    private void begin(TopicPartition... partitions) {
        for (TopicPartition partition : partitions) {
            restores.begin(partition, new SeveralParticipants(List.of(first.of(partition), second.of(partition))));
        }
    }

    private Restores restores(Executor executor) {
        return new Restores(
                new CommittedOffsets(offsets.admin("group"), "group", DEADLINE),
                executor,
                stops::add,
                woken::incrementAndGet);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (latch.getCount() > 0 && System.nanoTime() - deadline < 0) {
            try {
                latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // This is what it is for.
            }
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private final class Recording {

        private final String name;
        private volatile Action onRestore = () -> {};
        private volatile Runnable onRelease = () -> {};

        Recording(String name) {
            this.name = name;
        }

        PartitionParticipant of(TopicPartition partition) {
            return new PartitionParticipant() {
                @Override
                public void restore(long committedOffset) throws Exception {
                    told.add(name + " restores " + partition + " from " + committedOffset);
                    onRestore.run();
                }

                @Override
                public void released() {
                    onRelease.run();
                    told.add(name + " releases " + partition);
                }
            };
        }
    }

    /** Otherwise records would be handled with half of their state. */
    @Test
    void aRestoreThatWasInterruptedThoughNobodyBrokeItOffIsNoRestore() {
        for (Exception interruption :
                List.of(new InterruptedException("of its own"), new InterruptException("its own"))) {
            first.onRestore = () -> {
                throw interruption;
            };
            begin(A);
            runAll();
            assertThat(stops).as(interruption.toString()).isNotEmpty();
            stops.clear();
        }
    }
}
