package dev.semel.dlq.internal.command;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What has become of a command in one partition.
 *
 * @param commandId the command's
 * @param topic the source topic
 * @param partition the source partition
 * @param read how many letters it named
 * @param applied for how many of them it was done
 * @param duplicate how many had come to their end before
 * @param failedAgain what those that were handled and failed again have failed with, by id
 * @param skipped why nothing was done about the others, by id
 * @param lost those of these of which the bytes are not there any more
 */
public record Answer(
        String commandId,
        String topic,
        int partition,
        int read,
        int applied,
        int duplicate,
        Map<String, String> failedAgain,
        Map<String, String> skipped,
        Set<String> lost) {

    public Answer {
        Objects.requireNonNull(commandId, "commandId");
        Objects.requireNonNull(topic, "topic");
        failedAgain = Map.copyOf(new TreeMap<>(failedAgain));
        skipped = Map.copyOf(new TreeMap<>(skipped));
        lost = Set.copyOf(lost);
        if (!skipped.keySet().containsAll(lost)) {
            throw new IllegalArgumentException("lost " + lost + " are not all skipped: " + skipped.keySet());
        }
        int sum = applied + duplicate + failedAgain.size() + skipped.size();
        if (sum != read) {
            throw new IllegalArgumentException("applied " + applied + " + duplicate " + duplicate + " + failed again "
                    + failedAgain.size() + " + skipped " + skipped.size() + " = " + sum + ", but read " + read);
        }
    }
}
