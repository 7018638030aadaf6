package dev.semel.core.internal.poll;

import dev.semel.core.internal.release.PartitionWindow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides which partitions are fetched. What is in flight is bounded for each partition on its own, so that a partition that is
 * held up holds up no other: fetching stops at the bound and goes on at half of it. Polling never stops. For the poll thread
 * only.
 */
final class Backpressure {

    private final Consumer<?, ?> consumer;
    private final int maxRecords;
    private final long maxBytes;
    private final Set<TopicPartition> full = new HashSet<>();
    private final Set<TopicPartition> paused = new HashSet<>();

    Backpressure(Consumer<?, ?> consumer, int maxRecords, long maxBytes) {
        this.consumer = consumer;
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    /** Pauses at once, until {@link #adjust} finds no reason. */
    void pause(Collection<TopicPartition> partitions) {
        paused.addAll(partitions);
        consumer.pause(partitions);
    }

    /** Pauses and resumes by what is in flight now, and by what is held back for another reason. */
    void adjust(Collection<PartitionWindow> windows, Predicate<TopicPartition> heldBack) {
        var pause = new ArrayList<TopicPartition>();
        var resume = new ArrayList<TopicPartition>();
        for (PartitionWindow window : windows) {
            TopicPartition partition = window.partition();
            if (isFull(window)) {
                full.add(partition);
            } else if (hasRoom(window)) {
                full.remove(partition);
            }
            boolean hold = full.contains(partition) || heldBack.test(partition);
            if (hold && paused.add(partition)) {
                pause.add(partition);
            } else if (!hold && paused.remove(partition)) {
                resume.add(partition);
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
    }

    void forget(Collection<TopicPartition> partitions) {
        full.removeAll(partitions);
        paused.removeAll(partitions);
    }

    private boolean isFull(PartitionWindow window) {
        return window.records() >= maxRecords || window.bytes() >= maxBytes;
    }

    private boolean hasRoom(PartitionWindow window) {
        return window.records() <= maxRecords / 2 && window.bytes() <= maxBytes / 2;
    }
}
