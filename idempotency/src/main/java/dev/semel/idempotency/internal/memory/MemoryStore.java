package dev.semel.idempotency.internal.memory;

import dev.semel.idempotency.internal.marks.Marks;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/** The marks of groups' partitions, for as long as the process runs. Thread-safe. */
public final class MemoryStore {

    private final Duration retention;
    private final int maxMarks;
    private final Map<Owner, Marks> marks = new ConcurrentHashMap<>();

    private record Owner(String group, TopicPartition partition) {}

    /** @param maxMarks of a partition, of which the oldest are forgotten for more */
    public MemoryStore(Duration retention, int maxMarks) {
        this.retention = retention;
        this.maxMarks = maxMarks;
    }

    /** Those of a partition. To be changed by who holds their monitor. */
    Marks marks(String group, TopicPartition partition) {
        return marks.computeIfAbsent(
                new Owner(group, partition), owner -> new Marks(retention.toMillis(), true, maxMarks));
    }
}
