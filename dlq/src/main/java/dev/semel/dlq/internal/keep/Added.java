package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.Participation;
import dev.semel.core.participant.topics.PatientCluster;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that were added to their source, and wait until there is room for their letters. Each is looked at again and again, and read
 * when there is, on one thread: none of those that restore the others is held up by them.
 */
final class Added implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Added.class);

    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 1_000;

    private final Participation processor;
    private final Set<KeptPartition> waiting = new LinkedHashSet<>();
    private final Thread thread;
    private @Nullable KeptPartition current;
    private volatile boolean closed;

    Added(Participation processor) {
        this.processor = processor;
        this.thread = new Thread(this::run, "semel-letters-added-" + processor.group());
        thread.setDaemon(true);
        thread.start();
    }

    /** It waits from now on. */
    synchronized void add(KeptPartition partition) {
        waiting.add(partition);
        notifyAll();
    }

    /** It need not be read any more. */
    synchronized void remove(KeptPartition partition) {
        waiting.remove(partition);
        if (partition == current) {
            thread.interrupt();
        }
    }

    /** Ends the thread, and waits for that. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                awaitFirst();
                try (var cluster = new PatientCluster(processor.adminConfig(), "partitions that were added")) {
                    look(cluster);
                }
            }
        } catch (InterruptedException e) {
            log.debug("Looks for no more room for letters: closed");
        }
    }

    private synchronized void awaitFirst() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
    }

    private synchronized List<KeptPartition> waiting() {
        return List.copyOf(waiting);
    }

    private void look(PatientCluster cluster) throws InterruptedException {
        for (List<KeptPartition> all = waiting(); !closed && !all.isEmpty(); all = waiting()) {
            for (KeptPartition partition : all) {
                look(partition, cluster);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    private void look(KeptPartition partition, PatientCluster cluster) {
        if (!begins(partition)) {
            return;
        }
        boolean hasEnded = true;
        try {
            hasEnded = partition.restoreAdded(cluster);
        } catch (Throwable e) {
            // What it was interrupted in tells that in its own way.
            if (closed || !isWaiting(partition)) {
                log.debug(
                        "{} is not restored: not this processor's any more",
                        partition.store().source(),
                        e);
            } else {
                partition.failed(e);
            }
        } finally {
            ended(partition, hasEnded);
        }
    }

    private synchronized boolean begins(KeptPartition partition) {
        if (closed || !waiting.contains(partition)) {
            return false;
        }
        current = partition;
        return true;
    }

    private synchronized boolean isWaiting(KeptPartition partition) {
        return waiting.contains(partition);
    }

    private synchronized void ended(KeptPartition partition, boolean hasEnded) {
        current = null;
        if (hasEnded) {
            waiting.remove(partition);
        }
        if (!closed) {
            // The interrupt was for this partition.
            Thread.interrupted();
        }
    }
}
