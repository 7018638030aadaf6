package dev.semel.examples.shop.balance;

import dev.semel.core.event.RecordPosition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What the operator of a run did about its dead letters, once all else had come to its end.
 *
 * @param fixedAt where the partitions of the commands to the inventory ended when the fault was fixed: handlers of what came
 *     after that were not made to fail
 * @param redriven ids of letters that were handled then
 * @param discarded ids of letters that were given up, each with the reason
 * @param left what the services still keep, as text: letters, and what waits behind them
 */
public record Redrive(
        Map<TopicPartition, Long> fixedAt, Set<String> redriven, Map<String, String> discarded, List<String> left) {

    /** Why letters are given up that nobody can read. */
    public static final String UNREADABLE = "nobody can read it: ask the sender for it again";

    public Redrive {
        fixedAt = Map.copyOf(fixedAt);
        redriven = Set.copyOf(redriven);
        discarded = Map.copyOf(discarded);
        left = List.copyOf(left);
    }

    boolean isBeforeFix(RecordPosition command) {
        var partition = new TopicPartition(command.topic(), command.partition());
        return command.offset() < fixedAt.getOrDefault(partition, Long.MAX_VALUE);
    }
}
