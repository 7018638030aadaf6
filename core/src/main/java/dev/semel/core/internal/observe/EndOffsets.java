package dev.semel.core.internal.observe;

import dev.semel.core.internal.commit.ClientErrors;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks the cluster how far partitions go, with the admin client and without blocking: neither the poll thread nor what its consumer
 * knows is needed for it, so it tells as much where these stand still. Thread-safe.
 */
final class EndOffsets {

    /** How long an answer is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;
    private final String group;

    EndOffsets(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    /**
     * @param partitions whose ends are asked for; where there are none, only whether the cluster answers
     * @param unbegun those of them of which it is not known where the group begins
     * @return the ends, without partitions that the cluster could or would not tell about; fails where it does not answer at all
     */
    CompletableFuture<Map<TopicPartition, Ends>> ask(Set<TopicPartition> partitions, Set<TopicPartition> unbegun) {
        if (partitions.isEmpty()) {
            return admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis()))
                    .clusterId()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .thenApply(id -> Map.of());
        }
        var stable = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        var high = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        return stable.thenCombine(high, EndOffsets::ends).thenCombine(begins(unbegun), (ends, begins) -> {
            begins.forEach((partition, begin) ->
                    ends.computeIfPresent(partition, (any, known) -> new Ends(begin, known.stable(), known.high())));
            // Without its beginning nothing can be said of a partition.
            ends.keySet().removeIf(partition -> unbegun.contains(partition) && !begins.containsKey(partition));
            return ends;
        });
    }

    private static Map<TopicPartition, Ends> ends(Map<TopicPartition, Long> stable, Map<TopicPartition, Long> high) {
        var ends = new HashMap<TopicPartition, Ends>();
        stable.forEach((partition, offset) -> {
            @Nullable Long watermark = high.get(partition);
            if (watermark != null) {
                ends.put(partition, new Ends(-1, offset, watermark));
            }
        });
        return ends;
    }

    private CompletableFuture<Map<TopicPartition, Long>> begins(Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        return offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED)
                .thenCombine(committed(partitions), (starts, committed) -> {
                    var begins = new HashMap<TopicPartition, Long>();
                    committed.forEach((partition, offset) ->
                            begins.put(partition, offset == null ? starts.get(partition) : (Long) offset.offset()));
                    begins.values().removeIf(begin -> begin == null);
                    return begins;
                });
    }

    private CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committed(Collection<TopicPartition> partitions) {
        var spec = Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions));
        return admin.listConsumerGroupOffsets(spec, new ListConsumerGroupOffsetsOptions().timeoutMs(millis()))
                .partitionsToOffsetAndMetadata(group)
                .toCompletionStage()
                .toCompletableFuture();
    }

    private CompletableFuture<Map<TopicPartition, Long>> offsets(
            Set<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        ListOffsetsResult answer = admin.listOffsets(
                partitions.stream().collect(Collectors.toMap(Function.identity(), any -> spec)),
                new ListOffsetsOptions(isolation).timeoutMs(millis()));
        var offsets = new HashMap<TopicPartition, CompletableFuture<Long>>();
        for (TopicPartition partition : partitions) {
            offsets.put(
                    partition,
                    answer.partitionResult(partition)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset));
        }
        return CompletableFuture.allOf(offsets.values().toArray(CompletableFuture[]::new))
                .handle((all, anyFailure) -> told(offsets));
    }

    /** What was told, where the cluster has answered for one partition at least, if only with a refusal. */
    private static Map<TopicPartition, Long> told(Map<TopicPartition, CompletableFuture<Long>> answers) {
        var told = new HashMap<TopicPartition, Long>();
        boolean answered = false;
        Throwable silence = new IllegalStateException("no partition was asked for");
        for (Map.Entry<TopicPartition, CompletableFuture<Long>> answer : answers.entrySet()) {
            Optional<Throwable> failure = failure(answer.getValue());
            if (failure.isEmpty()) {
                told.put(answer.getKey(), answer.getValue().join());
            } else if (ClientErrors.mayPass(failure.get())) {
                silence = failure.get();
                continue;
            }
            answered = true;
        }
        if (!answered) {
            throw new CompletionException(silence);
        }
        return told;
    }

    private static Optional<Throwable> failure(CompletableFuture<?> done) {
        try {
            done.join();
            return Optional.empty();
        } catch (CompletionException e) {
            return Optional.of(e.getCause() == null ? e : e.getCause());
        }
    }

    private static int millis() {
        return (int) PATIENCE.toMillis();
    }
}
