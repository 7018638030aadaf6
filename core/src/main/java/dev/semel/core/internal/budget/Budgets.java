package dev.semel.core.internal.budget;

import dev.semel.core.failure.DeadLetterBudget;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The budgets of all partitions that are owned. Thread-safe. */
public final class Budgets {

    private final DeadLetterBudget budget;
    private final String version;
    private final InstantSource clock;
    private final Consumer<String> pause;
    private final Map<TopicPartition, PartitionBudget> partitions = new ConcurrentHashMap<>();

    /**
     * @param version of the application: another one begins with a fresh budget
     * @param pause told why nothing more is to be handled
     */
    public Budgets(DeadLetterBudget budget, @Nullable String version, InstantSource clock, Consumer<String> pause) {
        this.budget = budget;
        this.version = version == null ? "" : version;
        this.clock = clock;
        this.pause = pause;
    }

    /** A new assignment of the partition begins, by what the last one has noted. */
    public PartitionBudget open(TopicPartition partition, BudgetCount found) {
        var opened = new PartitionBudget(budget, found, version, clock::millis);
        partitions.put(partition, opened);
        if (opened.isTripped()) {
            usedUp(partition, opened);
        }
        return opened;
    }

    public void drop(Collection<TopicPartition> dropped) {
        partitions.keySet().removeAll(dropped);
    }

    /** Counts a record that did not become a letter. */
    public void handled(String topic, int partition) {
        if (!budget.isUnlimited()) {
            @Nullable PartitionBudget spent = partitions.get(new TopicPartition(topic, partition));
            if (spent != null) {
                spent.handled();
            }
        }
    }

    /**
     * Takes a letter out of the partition's budget; where none is left, the processor pauses.
     *
     * @return whether there was one
     */
    public boolean takeLetter(String topic, int partition) {
        if (budget.isUnlimited()) {
            return true;
        }
        var of = new TopicPartition(topic, partition);
        @Nullable PartitionBudget spent = partitions.get(of);
        // A partition that is gone has a new owner, who decides.
        if (spent == null || spent.takeLetter()) {
            return true;
        }
        usedUp(of, spent);
        return false;
    }

    /** Gives back a letter that was taken out of the partition's budget, and is not written after all. */
    public void returnLetter(String topic, int partition) {
        @Nullable PartitionBudget spent = partitions.get(new TopicPartition(topic, partition));
        if (spent != null && !budget.isUnlimited()) {
            spent.returnLetter();
        }
    }

    private void usedUp(TopicPartition partition, PartitionBudget spent) {
        pause.accept("the dead-letter budget of " + partition + " is used up (" + spent
                + "): mend the application and start it with another applicationVersion, or call resume()");
    }

    /** Those that are used up begin anew. */
    public void renew() {
        partitions.values().stream().filter(PartitionBudget::isTripped).forEach(PartitionBudget::renew);
    }
}
