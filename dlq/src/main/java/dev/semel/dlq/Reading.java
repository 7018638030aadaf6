package dev.semel.dlq;

import java.util.Objects;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a reprocessor has come with reading a partition: of letters, or of what is known of them.
 *
 * @param partition the one that is read
 * @param offset up to which it has been read
 * @param end the offset at which the reading ends
 */
public record Reading(TopicPartition partition, long offset, long end) {

    public Reading {
        Objects.requireNonNull(partition, "partition");
    }

    @Override
    public String toString() {
        return "offset " + offset + " of " + end + " in " + partition;
    }
}
