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

    private static final TimeUnit PAUSE = TimeUnit.MILLISECONDS;
    private static final long PAUSE_LENGTH = 50;

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
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> answer = ask(partition);
            if (answer.containsKey(partition)) {
                @Nullable OffsetAndMetadata committed = answer.get(partition);
                return committed == null ? start(partition) : committed.offset();
            }
            // The admin client leaves out, without a word, a partition whose offset is not stable yet.
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new TimeoutException("a transaction over the offset of " + partition + " in group " + group
                        + " was still open after " + timeout);
            }
            PAUSE.sleep(PAUSE_LENGTH);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> ask(TopicPartition partition)
            throws InterruptedException, ExecutionException, TimeoutException {
        var spec = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition)));
        var options = new ListConsumerGroupOffsetsOptions().requireStable(true).timeoutMs(timeoutMs());
        return admin.listConsumerGroupOffsets(spec, options)
                .partitionsToOffsetAndMetadata(group)
                .get(timeoutMs(), TimeUnit.MILLISECONDS);
    }

    private long start(TopicPartition partition) throws InterruptedException, ExecutionException, TimeoutException {
        return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition)
                .get(timeoutMs(), TimeUnit.MILLISECONDS)
                .offset();
    }

    private int timeoutMs() {
        return Math.toIntExact(timeout.toMillis());
    }
}
