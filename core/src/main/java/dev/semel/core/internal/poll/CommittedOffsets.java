package dev.semel.core.internal.poll;

import dev.semel.core.internal.commit.ClientErrors;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

/** Reads a group's committed offsets once no transaction is open over them. Thread-safe; blocks. */
public final class CommittedOffsets {

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration PER_CALL = Duration.ofSeconds(5);

    private final Admin admin;
    private final String group;
    private final Duration timeout;

    /** @param timeout how long an earlier owner's transaction may take to end; more than its transaction timeout */
    public CommittedOffsets(Admin admin, String group, Duration timeout) {
        this.admin = admin;
        this.group = group;
        this.timeout = timeout;
    }

    /**
     * The committed offset, or the partition's start where the group has none. Waits as long as the cluster does not answer, and
     * up to the timeout for an open transaction.
     */
    long stableOffset(TopicPartition partition) throws InterruptedException, ExecutionException, TimeoutException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<Map<TopicPartition, OffsetAndMetadata>> answer = ask(List.of(partition));
            if (answer.isPresent() && answer.get().containsKey(partition)) {
                @Nullable OffsetAndMetadata committed = answer.get().get(partition);
                return committed == null ? start(partition) : committed.offset();
            }
            if (answer.isEmpty()) {
                deadlineNanos = System.nanoTime() + timeout.toNanos();
            } else if (System.nanoTime() - deadlineNanos >= 0) {
                throw new TimeoutException("a transaction over the offset of " + partition + " in group " + group
                        + " was still open after " + timeout);
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    /**
     * The committed offsets of these partitions; those without one are left out.
     *
     * @return empty where one of them cannot be told now: ask again
     */
    Optional<Map<TopicPartition, OffsetAndMetadata>> known(Collection<TopicPartition> partitions)
            throws InterruptedException, ExecutionException {
        return ask(partitions)
                .filter(answer -> answer.keySet().containsAll(partitions))
                .map(answer -> {
                    var committed = new HashMap<>(answer);
                    committed.values().removeIf(Objects::isNull);
                    return committed;
                });
    }

    /**
     * Asks once. Without a word, the admin client leaves out partitions whose offset is not stable; null means that there is
     * none.
     *
     * @return empty where the cluster does not answer now
     */
    private Optional<Map<TopicPartition, OffsetAndMetadata>> ask(Collection<TopicPartition> partitions)
            throws InterruptedException, ExecutionException {
        var spec = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions));
        var options = new ListConsumerGroupOffsetsOptions().requireStable(true).timeoutMs(callMs());
        try {
            return Optional.of(admin.listConsumerGroupOffsets(spec, options)
                    .partitionsToOffsetAndMetadata(group)
                    .get(2L * callMs(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            if (ClientErrors.mayPass(Objects.requireNonNullElse(e.getCause(), e))) {
                return Optional.empty();
            }
            throw e;
        } catch (TimeoutException e) {
            return Optional.empty();
        }
    }

    private long start(TopicPartition partition) throws InterruptedException, ExecutionException, TimeoutException {
        return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition)
                .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .offset();
    }

    private static int callMs() {
        return (int) PER_CALL.toMillis();
    }
}
