package dev.semel.core.event;

import java.util.Objects;

/**
 * The place of a record in Kafka.
 *
 * @param topic its topic
 * @param partition its partition, from 0
 * @param offset its offset there, from 0
 */
public record RecordPosition(String topic, int partition, long offset) {

    public RecordPosition {
        Objects.requireNonNull(topic, "topic");
    }

    /** {@code topic-partition@offset}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
