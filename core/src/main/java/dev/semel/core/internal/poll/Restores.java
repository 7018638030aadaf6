package dev.semel.core.internal.poll;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.internal.handle.Stop;
import dev.semel.core.participant.PartitionParticipant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has participants restore newly assigned partitions, off the poll thread, and tells them when these are gone. A partition that
 * comes back is restored only when its last release is over. For the poll thread only.
 */
final class Restores {

    private static final Logger log = LoggerFactory.getLogger(Restores.class);

    private final CommittedOffsets offsets;
    private final Executor executor;
    private final Stop stop;
    private final Runnable waker;

    private final Map<TopicPartition, PartitionParticipant> held = new HashMap<>();
    private final Map<TopicPartition, Restore> restoring = new HashMap<>();
    private final Map<TopicPartition, CompletableFuture<Void>> releases = new HashMap<>();

    Restores(CommittedOffsets offsets, Executor executor, Stop stop, Runnable waker) {
        this.offsets = offsets;
        this.executor = executor;
        this.stop = stop;
        this.waker = waker;
    }

    /** Begins to restore a partition. */
    void begin(TopicPartition partition, PartitionParticipant participant) {
        held.put(partition, participant);
        @Nullable CompletableFuture<Void> released = releases.remove(partition);
        var restore = new Restore(
                partition, participant, released == null ? CompletableFuture.completedFuture(null) : released);
        restoring.put(partition, restore);
        executor.execute(restore);
    }

    /** The partitions whose restore has ended since the last call. */
    List<TopicPartition> ended() {
        List<TopicPartition> ended = restoring.values().stream()
                .filter(restore -> restore.end.isDone())
                .map(restore -> restore.partition)
                .toList();
        ended.forEach(restoring::remove);
        return ended;
    }

    /** The partitions that are being restored. */
    Set<TopicPartition> partitions() {
        return restoring.keySet();
    }

    /** These partitions are gone, which is told once: at once where they are restored, after its end where a restore is under way. */
    void release(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            @Nullable PartitionParticipant participant = held.remove(partition);
            if (participant == null) {
                continue;
            }
            @Nullable Restore restore = restoring.remove(partition);
            if (restore == null) {
                participant.released();
            } else {
                restore.breakOff();
                releases.put(
                        partition,
                        CompletableFuture.allOf(restore.lastRelease, restore.end)
                                .thenRun(() -> releasedLater(participant)));
            }
        }
    }

    private void releasedLater(PartitionParticipant participant) {
        try {
            participant.released();
        } catch (Throwable e) {
            // Nobody waits for this future, who could be told otherwise.
            stop.because(e);
        }
    }

    /** One partition being restored, on a thread that can be interrupted for it. */
    private final class Restore implements Runnable {

        private final TopicPartition partition;
        private final PartitionParticipant participant;
        private final CompletableFuture<Void> lastRelease;
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private @Nullable Thread thread;
        private boolean brokenOff;

        Restore(TopicPartition partition, PartitionParticipant participant, CompletableFuture<Void> lastRelease) {
            this.partition = partition;
            this.participant = participant;
            this.lastRelease = lastRelease;
        }

        @Override
        public void run() {
            try {
                if (begun()) {
                    restore();
                }
            } catch (Exception e) {
                failed(e);
            } catch (Throwable e) {
                stop.because(unrestored(e));
            } finally {
                ended();
                end.complete(null);
                waker.run();
            }
        }

        private void restore() throws Exception {
            lastRelease.get();
            participant.restore(offsets.stableOffset(partition));
        }

        private void failed(Exception failure) {
            if (isBrokenOff()) {
                // What it was interrupted in tells that in its own way, and what it could not finish is of no use to
                // anybody.
                log.debug(
                        "The restore of {}, which was broken off, has ended: {}",
                        partition,
                        failure.toString(),
                        failure);
            } else if (failure instanceof InterruptedException || failure instanceof InterruptException) {
                stop.because(
                        new ProcessorFailedException("restoring partition " + partition + " was interrupted", failure));
            } else {
                stop.because(unrestored(failure));
            }
        }

        private ProcessorFailedException unrestored(Throwable failure) {
            return new ProcessorFailedException(
                    "partition " + partition + " could not be restored: " + failure.getMessage(), failure);
        }

        private synchronized boolean begun() {
            thread = Thread.currentThread();
            return !brokenOff;
        }

        private synchronized boolean isBrokenOff() {
            return brokenOff;
        }

        private synchronized void ended() {
            thread = null;
            // The interrupt was for this restore; the thread is the pool's.
            Thread.interrupted();
        }

        private synchronized void breakOff() {
            brokenOff = true;
            if (thread != null) {
                thread.interrupt();
            } else {
                // It may wait for a thread for long, or for ever once the processor ends.
                end.complete(null);
            }
        }
    }
}
