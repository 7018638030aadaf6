package dev.semel.core.internal.poll;

import dev.semel.core.internal.release.PartitionWindow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Bounds what is in flight, for each partition on its own, so that a partition that is held up holds up no other: fetching
 * stops at the bound and goes on at half of it. Polling never stops. For the poll thread only.
 */
final class Backpressure {

    private final Consumer<?, ?> consumer;
    private final int maxRecords;
    private final long maxBytes;
    private final Set<TopicPartition> paused = new HashSet<>();

    Backpressure(Consumer<?, ?> consumer, int maxRecords, long maxBytes) {
        this.consumer = consumer;
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    /** Pauses and resumes by what is in flight now; leaves alone what is kept paused for another reason. */
    void adjust(Collection<PartitionWindow> windows, Set<TopicPartition> keptPaused) {
        var pause = new ArrayList<TopicPartition>();
        var resume = new ArrayList<TopicPartition>();
        for (PartitionWindow window : windows) {
            TopicPartition partition = window.partition();
            if (isFull(window) && paused.add(partition)) {
                pause.add(partition);
            } else if (hasRoom(window) && paused.remove(partition) && !keptPaused.contains(partition)) {
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
        paused.removeAll(partitions);
    }

    private boolean isFull(PartitionWindow window) {
        return window.records() >= maxRecords || window.bytes() >= maxBytes;
    }

    private boolean hasRoom(PartitionWindow window) {
        return window.records() <= maxRecords / 2 && window.bytes() <= maxBytes / 2;
    }
}
