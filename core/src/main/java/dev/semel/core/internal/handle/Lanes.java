package dev.semel.core.internal.handle;

import dev.semel.core.internal.release.PartitionWindow;
import dev.semel.core.internal.release.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The lanes on which records are handled: one for each assigned partition. For the poll thread only.
 */
public final class Lanes {

    private final Attempts attempts;
    private final Executor executor;
    private final Timer timer;
    private final Map<PartitionWindow, Lane> lanes = new HashMap<>();

    /**
     * @param handling what is done with each record
     * @param executor runs lanes; how many threads it has is how many handlers run at a time
     */
    public Lanes(Handling<?, ?> handling, Executor executor, Timer timer) {
        this((Attempts) handling, executor, timer);
    }

    Lanes(Attempts attempts, Executor executor, Timer timer) {
        this.attempts = attempts;
        this.executor = executor;
        this.timer = timer;
    }

    /** Puts records of a partition, in their order, onto its lane, and into its window. */
    public void handle(PartitionWindow window, List<ConsumerRecord<byte[], byte[]>> records) {
        Lane lane = lanes.computeIfAbsent(window, opened -> new Lane(attempts, executor, timer));
        var deliveries = new ArrayList<Delivery>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Slot slot = window.add(record);
            var delivery = new Delivery(record, slot);
            slot.onRejection((refused, refusal) -> decideAgain(new Refusal(delivery, refused, refusal)));
            deliveries.add(delivery);
        }
        lane.add(deliveries);
    }

    /** A refused delivery has left its lane long ago; what it holds up is only its own slot. */
    private void decideAgain(Refusal refusal) {
        executor.execute(() ->
                attempts.refused(refusal).ifPresent(delay -> timer.after(delay, () -> decideAgain(refusal))));
    }

    /**
     * Handles nothing more of these partitions and waits for the handlers that run, not for retries that are due later.
     *
     * @return whether all had ended in time
     */
    public boolean drain(Collection<PartitionWindow> windows, Duration timeout) throws InterruptedException {
        windows.forEach(PartitionWindow::stopHandling);
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        boolean idle = true;
        for (PartitionWindow window : windows) {
            @Nullable Lane lane = lanes.get(window);
            if (lane != null) {
                idle &= lane.awaitIdle(deadlineNanos);
            }
        }
        return idle;
    }

    /** Forgets the lanes of these partitions. A handler that still runs there runs into a window that takes nothing. */
    public void drop(Collection<PartitionWindow> windows) {
        for (PartitionWindow window : windows) {
            window.stopHandling();
            @Nullable Lane lane = lanes.remove(window);
            if (lane != null) {
                lane.giveUp();
            }
        }
    }
}
