package dev.semel.core.internal.poll;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads a group's committed offset once no transaction is open over it. Thread-safe; blocks. */
public final class CommittedOffsets {

    private final Admin admin;
    private final String group;
    private final Duration timeout;

    /** @param timeout how long an earlier owner's transaction may take to end; more than its transaction timeout */
    public CommittedOffsets(Admin admin, String group, Duration timeout) {
        this.admin = admin;
        this.group = group;
        this.timeout = timeout;
    }

    /** The committed offset, or the partition's start where the group has none. */
    long stableOffset(TopicPartition partition) throws InterruptedException, ExecutionException, TimeoutException {
        var spec = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition)));
        int timeoutMs = Math.toIntExact(timeout.toMillis());
        var options = new ListConsumerGroupOffsetsOptions().requireStable(true).timeoutMs(timeoutMs);
        @Nullable OffsetAndMetadata committed = admin.listConsumerGroupOffsets(spec, options)
                .partitionsToOffsetAndMetadata(group)
                .get(timeoutMs, TimeUnit.MILLISECONDS)
                .get(partition);
        if (committed != null) {
            return committed.offset();
        }
        return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition)
                .get(timeoutMs, TimeUnit.MILLISECONDS)
                .offset();
    }
}
