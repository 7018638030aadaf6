package dev.semel.idempotency.internal.kafka;

import dev.semel.idempotency.internal.Retention;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What a store of marks in Kafka was told.
 *
 * @param retention for how long marks count
 * @param topics marks topics by source topic; the others have theirs by group and topic
 * @param comparesPayloads whether another payload under the same identity is a failure
 */
public record KafkaMarksSettings(Retention retention, Map<String, String> topics, boolean comparesPayloads) {

    /** Where the marks of a source topic are. */
    String topic(String group, String source) {
        return topics.getOrDefault(source, group + "." + source + ".marks");
    }

    /** Where the marks of a source partition are. */
    TopicPartition partition(String group, TopicPartition source) {
        return new TopicPartition(topic(group, source.topic()), source.partition());
    }
}
