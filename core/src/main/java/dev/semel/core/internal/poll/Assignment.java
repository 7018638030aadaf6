package dev.semel.core.internal.poll;

import dev.semel.core.internal.handle.Lanes;
import dev.semel.core.internal.release.PartitionWindow;
import dev.semel.core.internal.release.Release;
import dev.semel.core.participant.PartitionParticipant;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coming and going of partitions. One that comes gets a window of its own; one that is revoked is drained within a bound
 * and committed before it goes; one that is lost goes at once, and the open transaction with it.
 *
 * <p>Called by the consumer, on the poll thread. Nothing is thrown through the consumer, which would wrap it: a failure is kept
 * for the loop.
 */
final class Assignment implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(Assignment.class);

    private final Consumer<byte[], byte[]> consumer;
    private final Lanes lanes;
    private final Release release;
    private final Participants participants;
    private final Restores restores;
    private final Arrivals arrivals;
    private final Backpressure backpressure;
    private final Sightings sightings;
    private final Duration drainTimeout;

    private @Nullable Throwable failure;
    private int revokedAtGeneration = Integer.MIN_VALUE;

    Assignment(
            Consumer<byte[], byte[]> consumer,
            Lanes lanes,
            Release release,
            Participants participants,
            Restores restores,
            Arrivals arrivals,
            Backpressure backpressure,
            Sightings sightings,
            Duration drainTimeout) {
        this.consumer = consumer;
        this.lanes = lanes;
        this.release = release;
        this.participants = participants;
        this.restores = restores;
        this.arrivals = arrivals;
        this.backpressure = backpressure;
        this.sightings = sightings;
        this.drainTimeout = drainTimeout;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        keepingFailure(() -> {
            log.info("Assigned {}", partitions);
            sightings.rebalanced();
            revokedAtGeneration = Integer.MIN_VALUE;
            partitions.forEach(this::open);
            if (!participants.areNone()) {
                backpressure.pause(partitions);
            }
        });
    }

    private void open(TopicPartition partition) {
        PartitionParticipant participant = participants.assigned(partition);
        arrivals.open(release.open(partition, participant));
        if (!participants.areNone()) {
            restores.begin(partition, participant);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        keepingFailure(() -> {
            log.info("Revoked {}", partitions);
            revokedAtGeneration = consumer.groupMetadata().generationId();
            drain(partitions, drainTimeout);
        });
        keepingFailure(() -> drop(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        keepingFailure(() -> {
            log.warn("Lost {}: what was not committed is for their new owner", partitions);
            revokedAtGeneration = consumer.groupMetadata().generationId();
            drop(partitions);
        });
    }

    /** Lets running handlers of these partitions end, and commits what is complete, all within this time. */
    void drain(Collection<TopicPartition> partitions, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        // First, so that no transaction is open while handlers are waited for: it could time out meanwhile.
        commit(deadlineNanos);
        try {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            if (lanes.drain(windows(partitions), left)) {
                arrivals.endCleanly(partitions);
            } else {
                log.warn(
                        "Handlers of {} did not end within {}: their records are for the new owner",
                        partitions,
                        timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        commit(deadlineNanos);
    }

    private void commit(long deadlineNanos) {
        boolean more = true;
        while (more) {
            settle(deadlineNanos);
            release.release();
            more = release.isFull() && !release.isUnsettled() && System.nanoTime() - deadlineNanos < 0;
            release.commit(consumer.groupMetadata());
            sightings.moves();
            settle(deadlineNanos);
        }
    }

    private void settle(long deadlineNanos) {
        while (release.awaitsAnswer()
                && System.nanoTime() - deadlineNanos < 0
                && !Thread.currentThread().isInterrupted()) {
            release.settle();
            sightings.moves();
        }
    }

    void drop(Collection<TopicPartition> partitions) {
        lanes.drop(windows(partitions));
        try {
            release.drop(partitions);
        } finally {
            arrivals.drop(partitions);
            backpressure.forget(partitions);
            restores.release(partitions);
        }
    }

    /** Whether the consumer is a member with an assignment, rather than between two. */
    boolean isJoined() {
        var member = consumer.groupMetadata();
        return member.generationId() >= 0
                && !member.memberId().isEmpty()
                && member.generationId() != revokedAtGeneration;
    }

    /** What a callback failed with, if one did. */
    @Nullable Throwable failure() {
        return failure;
    }

    private List<PartitionWindow> windows(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .map(release::window)
                .flatMap(Optional::stream)
                .toList();
    }

    private void keepingFailure(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }
    }
}
