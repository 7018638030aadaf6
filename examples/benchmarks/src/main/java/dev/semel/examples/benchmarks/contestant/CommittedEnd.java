package dev.semel.examples.benchmarks.contestant;

import dev.semel.examples.benchmarks.workload.Load;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The offsets that a group has committed when its input is done. For one thread. */
final class CommittedEnd {

    private static final long TICK_MILLIS = 5;

    private final @Nullable Admin admin;
    private final String group;
    private final Map<TopicPartition, Long> ends;

    private CommittedEnd(@Nullable Admin admin, String group, Map<TopicPartition, Long> ends) {
        this.admin = admin;
        this.group = group;
        this.ends = ends;
    }

    /** For who commits nothing. */
    static CommittedEnd none() {
        return new CommittedEnd(null, "", Map.of());
    }

    /** The end of the input as it is now. */
    static CommittedEnd of(Admin admin, Settings settings) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, Load.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(settings.input(), partition))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        admin.listOffsets(latest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
        return new CommittedEnd(admin, settings.group(), ends);
    }

    /**
     * Waits until all is committed. It asks only now and then, and only when everything has been handled, so that asking costs
     * next to nothing while the contestant runs.
     *
     * @throws IllegalStateException where it is not in time
     */
    void await(Duration patience) throws ExecutionException, InterruptedException {
        if (admin == null) {
            return;
        }
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (!isReached(admin)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IllegalStateException(
                        "all was handled, but not committed within " + patience.toSeconds() + " s: the end is " + ends);
            }
            Thread.sleep(TICK_MILLIS);
        }
    }

    private boolean isReached(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        return ends.entrySet().stream().allMatch(end -> {
            @Nullable OffsetAndMetadata offset = committed.get(end.getKey());
            return end.getValue() == 0 || (offset != null && offset.offset() >= end.getValue());
        });
    }
}
