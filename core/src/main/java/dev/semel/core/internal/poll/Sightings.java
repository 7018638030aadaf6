package dev.semel.core.internal.poll;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the poll thread lets others see. It writes; any thread reads, what it finds may be a fifth of a second old, and as old as
 * the last pass where the loop stands still.
 */
public final class Sightings {

    private static final long EVERY_NANOS = 200_000_000;

    private final LongSupplier nanoTime;
    private final LongAdder polled = new LongAdder();
    private final LongAdder rebalances = new LongAdder();

    // For the poll thread only.
    private Map<TopicPartition, PartitionView> latest = Map.of();
    private long publishedNanos;

    private volatile long movedNanos;
    private volatile boolean joined;
    private volatile List<PartitionView> partitions = List.of();

    public Sightings(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.movedNanos = nanoTime.getAsLong();
        this.publishedNanos = movedNanos - EVERY_NANOS;
    }

    /** When the poll thread last finished a step of its round, none of which takes long: by the ticker. */
    public long movedNanos() {
        return movedNanos;
    }

    /** Whether the consumer is a member with an assignment, which may be empty. */
    public boolean joined() {
        return joined;
    }

    /** The partitions that are assigned. */
    public List<PartitionView> partitions() {
        return partitions;
    }

    /** How many records were polled. */
    public long polled() {
        return polled.sum();
    }

    /** How many assignments there were, those included that brought nothing new. */
    public long rebalances() {
        return rebalances.sum();
    }

    void moves() {
        movedNanos = nanoTime.getAsLong();
    }

    void isJoined(boolean now) {
        joined = now;
    }

    void polls(int records) {
        polled.add(records);
    }

    void rebalanced() {
        rebalances.increment();
    }

    /** Shows the partitions, if that was long enough ago. */
    void show(Supplier<List<PartitionView>> views) {
        long now = nanoTime.getAsLong();
        if (now - publishedNanos >= EVERY_NANOS) {
            publishedNanos = now;
            publish(views.get());
        }
    }

    /** None is assigned any more. */
    void showNone() {
        isJoined(false);
        publish(List.of());
    }

    private void publish(List<PartitionView> views) {
        var next = new HashMap<TopicPartition, PartitionView>();
        views.forEach(view -> next.put(view.partition(), since(latest.get(view.partition()), view)));
        latest = next;
        partitions = List.copyOf(next.values());
    }

    private static PartitionView since(@Nullable PartitionView before, PartitionView now) {
        return before == null || before.headOffset() != now.headOffset()
                ? now
                : new PartitionView(
                        now.partition(),
                        now.position(),
                        now.committedOffset(),
                        now.inFlightRecords(),
                        now.inFlightBytes(),
                        now.headOffset(),
                        before.headSinceNanos(),
                        now.headState(),
                        now.restoring(),
                        now.full(),
                        now.redeliveryOffset());
    }
}
