package dev.semel.core.internal.poll;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.internal.budget.Budgets;
import dev.semel.core.internal.commit.ClientErrors;
import dev.semel.core.internal.handle.Lanes;
import dev.semel.core.internal.release.Release;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The poll thread: polls, hands records to the lanes, releases what is complete, commits, and starts over. It owns the consumer and
 * the producer; every other thread only signals.
 */
public final class PollLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);

    /** How long a poll waits where nothing is in flight. */
    private static final Duration IDLE = Duration.ofMillis(500);

    /** How long a poll waits where something is in flight: deadlines are watched, and full transactions seen, so often. */
    private static final Duration LANES = Duration.ofMillis(100);

    /** How long a poll waits before the fate of a transaction is asked for again. */
    private static final Duration UNSETTLED = Duration.ofMillis(20);

    /** How long a poll waits where the end of a single record is waited for. */
    private static final Duration ONE_BY_ONE = Duration.ofMillis(2);

    /** How many records that participants have handed in are in handling at most, of each partition: those of the source go on beside them. */
    private static final int MAX_REDELIVERIES = 500;

    /** How long the committed offsets of new partitions are asked for before the loop goes round again. */
    private static final Duration COMMITTED = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Set<String> topics;
    private final CommittedOffsets offsets;
    private final Lanes lanes;
    private final Release release;
    private final Restores restores;
    private final Arrivals arrivals;
    private final Backpressure backpressure;
    private final Assignment assignment;
    private final Lifecycle lifecycle;
    private final Duration drainTimeout;
    private final int maxRedeliveries;
    private final long maxInFlightBytes;
    private final Sightings sightings = new Sightings(System::nanoTime);

    /**
     * @param offsets tells where restored partitions begin, and what a transaction without an answer has committed
     * @param budgets of dead letters, noted beside the offsets
     * @param restorers runs the restores of participants
     */
    public PollLoop(
            Consumer<byte[], byte[]> consumer,
            Lanes lanes,
            Release release,
            CommittedOffsets offsets,
            Budgets budgets,
            ExecutorService restorers,
            Lifecycle lifecycle,
            PollSettings settings) {
        this.consumer = consumer;
        this.topics = settings.topics();
        this.offsets = offsets;
        this.lanes = lanes;
        this.release = release;
        this.restores = new Restores(offsets, restorers, lifecycle, consumer::wakeup);
        this.arrivals = new Arrivals(lanes, budgets);
        this.backpressure = new Backpressure(consumer, settings.maxInFlightRecords(), settings.maxInFlightBytes());
        this.lifecycle = lifecycle;
        this.drainTimeout = settings.drainTimeout();
        this.maxInFlightBytes = settings.maxInFlightBytes();
        this.maxRedeliveries = Math.min(MAX_REDELIVERIES, settings.maxInFlightRecords());
        this.assignment = new Assignment(
                consumer,
                lanes,
                release,
                new Participants(settings.participants()),
                restores,
                arrivals,
                backpressure,
                sightings,
                drainTimeout);
    }

    /** What others may see of it. */
    public Sightings sightings() {
        return sightings;
    }

    /** Runs until the processor is told to close or to stop; throws what it cannot recover from. */
    @Override
    public void run() {
        try {
            consumer.subscribe(topics, assignment);
            while (!lifecycle.isEnding()) {
                poll();
                settle();
                watch();
                release();
                commit();
                arrive();
                resume();
                redeliver();
                show();
            }
            drain();
        } catch (Throwable e) {
            try {
                assignment.drop(release.partitions());
            } catch (Throwable another) {
                e.addSuppressed(another);
            }
            sightings.showNone();
            throw e;
        }
        assignment.drop(release.partitions());
        sightings.showNone();
        throwFailureOfCallbacks();
    }

    private void poll() {
        ConsumerRecords<byte[], byte[]> polled = pollConsumer();
        throwFailureOfCallbacks();
        sightings.moves();
        sightings.polls(polled.count());
        arrivals.take(polled);
    }

    private ConsumerRecords<byte[], byte[]> pollConsumer() {
        try {
            return consumer.poll(patience());
        } catch (WakeupException e) {
            // Somebody has news: the loop looks for them.
            return ConsumerRecords.empty();
        } catch (RuntimeException e) {
            switch (ClientErrors.ofConsumer(e)) {
                case POLL_AGAIN -> log.info("Polling again after {}", e.toString());
                case START_AT_BEGINNING -> consumer.seekToBeginning(((NoOffsetForPartitionException) e).partitions());
                case STOP -> throw failedBy(e);
            }
            return ConsumerRecords.empty();
        }
    }

    private Duration patience() {
        if (release.isUnsettled()) {
            return UNSETTLED;
        }
        if (arrivals.awaitCommit()) {
            return Duration.ZERO;
        }
        if (arrivals.areOneByOne()) {
            return ONE_BY_ONE;
        }
        if (release.isEmpty()) {
            return IDLE;
        }
        Duration untilCommit = release.untilCommit();
        if (untilCommit.isNegative()) {
            return Duration.ZERO;
        }
        return untilCommit.compareTo(LANES) < 0 ? untilCommit : LANES;
    }

    /** Finds out what became of a transaction whose answer did not come. */
    private void settle() {
        release.settle();
        sightings.moves();
        if (!release.awaitsOffsets()) {
            return;
        }
        try {
            var partitions = List.copyOf(release.partitions());
            offsets.known(partitions).ifPresent(committed -> restart(release.confirm(committed), committed));
        } catch (InterruptedException e) {
            throw failedBy(new InterruptException(e));
        } catch (ExecutionException e) {
            throw failedBy(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /** Reads partitions anew, from offsets that others have committed past what this processor knows. */
    private void restart(List<TopicPartition> passed, Map<TopicPartition, OffsetAndMetadata> committed) {
        if (passed.isEmpty()) {
            return;
        }
        log.warn("Offsets of {} were committed by others: reading on from there", passed);
        assignment.drop(passed);
        consumer.resume(passed);
        assignment.onPartitionsAssigned(passed);
        passed.forEach(partition -> consumer.seek(partition, committed.get(partition)));
    }

    private void watch() {
        lanes.watch();
    }

    private void release() {
        release.release();
    }

    private void commit() {
        arrivals.noteBudgets();
        if (release.isCommitDue() || arrivals.awaitCommit()) {
            release.commit(consumer.groupMetadata());
            sightings.moves();
        }
    }

    /** Has records of newly assigned partitions handled, once it is known and noted how earlier assignments went. */
    private void arrive() {
        askForPositions();
        Set<TopicPartition> asking = arrivals.asking();
        if (!asking.isEmpty()) {
            try {
                arrivals.begin(consumer.committed(asking, COMMITTED));
            } catch (WakeupException e) {
                // Somebody has news; asked again in the next round.
                log.debug("Asking again for the committed offsets of {}", asking);
            } catch (RuntimeException e) {
                if (ClientErrors.ofConsumer(e) != ClientErrors.ConsumerReaction.POLL_AGAIN) {
                    throw failedBy(e);
                }
                log.info("Asking again for the committed offsets of {} after {}", asking, e.toString());
            }
        }
        if (!lifecycle.isPaused()) {
            arrivals.advance();
        }
    }

    /** A partition without new records has a position as well, and participants may have something to hand in of it. */
    private void askForPositions() {
        for (TopicPartition partition : arrivals.withoutPosition()) {
            if (!restores.partitions().contains(partition)) {
                try {
                    arrivals.startAt(partition, new OffsetAndMetadata(consumer.position(partition, Duration.ZERO)));
                } catch (WakeupException e) {
                    // Somebody has news; asked again in the next round.
                    log.debug("Asking again for the position of {}", partition);
                } catch (RuntimeException e) {
                    if (ClientErrors.ofConsumer(e) == ClientErrors.ConsumerReaction.STOP) {
                        throw failedBy(e);
                    }
                    // Not known yet, mostly.
                    log.debug("Asking again for the position of {}", partition, e);
                }
            }
        }
    }

    /** Goes on with what was held: restored partitions, and those that have room again. */
    private void resume() {
        restores.ended().forEach(partition -> log.info("Restored {}", partition));
        Set<TopicPartition> restoring = restores.partitions();
        Set<TopicPartition> holding = arrivals.holding();
        Map<TopicPartition, String> full = arrivals.full();
        lifecycle.full(full);
        backpressure.adjust(
                release.windows(),
                partition -> lifecycle.isPaused()
                        || restoring.contains(partition)
                        || holding.contains(partition)
                        || full.containsKey(partition));
        lifecycle.become(state());
    }

    /** Has handled what participants hand in. */
    private void redeliver() {
        if (!lifecycle.isPaused()) {
            arrivals.redeliver(restores.partitions(), maxRedeliveries, maxInFlightBytes);
        }
    }

    private void show() {
        sightings.moves();
        sightings.isJoined(assignment.isJoined());
        sightings.show(() -> arrivals.views(System.nanoTime(), restores.partitions()));
    }

    private ProcessorState state() {
        if (!assignment.isJoined()) {
            return ProcessorState.REBALANCING;
        }
        if (lifecycle.isPaused()) {
            return ProcessorState.PAUSED;
        }
        return restores.partitions().isEmpty() && !release.isUnsettled()
                ? ProcessorState.RUNNING
                : ProcessorState.RECOVERING;
    }

    /** Lets running handlers end and commits; not after an {@link Error}, when nothing that ran beside it can be trusted. */
    private void drain() {
        if (lifecycle.stopCause() == null) {
            lifecycle.become(ProcessorState.STOPPING);
        }
        if (!(lifecycle.stopCause() instanceof Error)) {
            assignment.drain(release.partitions(), drainTimeout);
        }
    }

    private void throwFailureOfCallbacks() {
        @Nullable Throwable failure = assignment.failure();
        if (failure != null) {
            throw failedBy(failure);
        }
    }

    private static RuntimeException failedBy(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof ProcessorFailedException failed) {
            return failed;
        }
        return failure instanceof InterruptException
                ? new ProcessorFailedException("the poll thread was interrupted", failure)
                : new ProcessorFailedException("the consumer cannot go on: " + failure.getMessage(), failure);
    }
}
