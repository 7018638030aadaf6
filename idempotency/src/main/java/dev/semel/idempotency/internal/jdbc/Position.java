package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.RecordPosition;
import org.apache.kafka.common.Uuid;

/**
 * The place of a record, for ever: a topic that is made anew under an old name has another id.
 *
 * @param topicId Kafka's, of the topic
 * @param record the topic's name, partition and offset
 */
record Position(Uuid topicId, RecordPosition record) {

    @Override
    public String toString() {
        return record + " (topic id " + topicId + ")";
    }
}
