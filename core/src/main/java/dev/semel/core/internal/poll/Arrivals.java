package dev.semel.core.internal.poll;

import dev.semel.core.internal.budget.Budgets;
import dev.semel.core.internal.handle.InHandling;
import dev.semel.core.internal.handle.Lanes;
import dev.semel.core.internal.release.PartitionWindow;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The arrivals of all partitions that are owned. For the poll thread only. */
final class Arrivals {

    private final Lanes lanes;
    private final Budgets budgets;
    private final Map<TopicPartition, Arrival> arrivals = new HashMap<>();

    Arrivals(Lanes lanes, Budgets budgets) {
        this.lanes = lanes;
        this.budgets = budgets;
    }

    void open(PartitionWindow window) {
        arrivals.put(window.partition(), new Arrival(window, lanes, budgets));
    }

    void drop(Collection<TopicPartition> partitions) {
        arrivals.keySet().removeAll(partitions);
        budgets.drop(partitions);
    }

    void take(ConsumerRecords<byte[], byte[]> polled) {
        for (TopicPartition partition : polled.partitions()) {
            arrival(partition).take(polled.records(partition));
        }
        polled.nextOffsets().forEach((partition, next) -> arrival(partition).advanceTo(next));
    }

    private Arrival arrival(TopicPartition partition) {
        @Nullable Arrival arrival = arrivals.get(partition);
        if (arrival == null) {
            throw new IllegalStateException("polled a record of " + partition + ", which is not assigned");
        }
        return arrival;
    }

    /** The partitions of which nothing was polled, and whose position is to be told by {@link #startAt}. */
    Set<TopicPartition> withoutPosition() {
        return where(Arrival::asksForPosition);
    }

    void startAt(TopicPartition partition, OffsetAndMetadata position) {
        arrival(partition).startsAt(position);
    }

    /** The partitions of which it is to be told what is committed, by {@link #begin}. */
    Set<TopicPartition> asking() {
        return where(Arrival::asksForCommitted);
    }

    /** @param committed of each partition asked for, null where there is nothing */
    void begin(Map<TopicPartition, OffsetAndMetadata> committed) {
        committed.forEach((partition, offset) -> arrival(partition).begin(Optional.ofNullable(offset)));
    }

    void noteBudgets() {
        arrivals.values().forEach(Arrival::noteBudget);
    }

    void advance() {
        arrivals.values().forEach(Arrival::advance);
    }

    /** @param restoring where nothing can be handed in yet */
    void redeliver(Set<TopicPartition> restoring, int room, long maxBytes) {
        arrivals.forEach((partition, arrival) -> {
            if (!restoring.contains(partition)) {
                arrival.redeliver(room, maxBytes);
            }
        });
    }

    /** Whether records wait for a commit. */
    boolean awaitCommit() {
        return arrivals.values().stream().anyMatch(Arrival::awaitsCommit);
    }

    boolean areOneByOne() {
        return arrivals.values().stream().anyMatch(Arrival::isOneByOne);
    }

    /** The partitions that are not to be fetched, since records of them wait here. */
    Set<TopicPartition> holding() {
        return where(Arrival::isHolding);
    }

    /** The partitions of which participants take no more, with the reason. */
    Map<TopicPartition, String> full() {
        var full = new HashMap<TopicPartition, String>();
        where(Arrival::isFull)
                .forEach(partition -> full.put(partition, arrival(partition).fullReason()));
        return full;
    }

    /** All partitions as others may see them. */
    List<PartitionView> views(long nowNanos, Set<TopicPartition> restoring) {
        InHandling handled = lanes.inHandling();
        return arrivals.entrySet().stream()
                .map(entry -> entry.getValue().view(nowNanos, handled, restoring.contains(entry.getKey())))
                .toList();
    }

    void endCleanly(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> arrival(partition).endsCleanly());
    }

    private Set<TopicPartition> where(Predicate<Arrival> condition) {
        var partitions = new HashSet<TopicPartition>();
        arrivals.forEach((partition, arrival) -> {
            if (condition.test(arrival)) {
                partitions.add(partition);
            }
        });
        return partitions;
    }
}
