package dev.semel.dlq.internal.copy;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.letters.LetterReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Fetches records from where they came, while they are retained. For one thread. */
final class OriginReader implements AutoCloseable {

    private final Cluster cluster;
    private final KafkaSettings kafka;
    private final Duration deadline;
    private final Map<String, Integer> partitions = new HashMap<>();
    private @Nullable LetterReader reader;

    OriginReader(Cluster cluster, KafkaSettings kafka, Duration deadline) {
        this.cluster = cluster;
        this.kafka = kafka;
        this.deadline = deadline;
    }

    /** A record; null where it is not there any more. */
    @Nullable ConsumerRecord<byte[], byte[]> fetch(RecordPosition position) throws Exception {
        var partition = new TopicPartition(position.topic(), position.partition());
        if (position.partition() >= partitions(position.topic())) {
            return null;
        }
        if (reader == null) {
            reader = new LetterReader(kafka.consumer("earliest"), deadline);
        }
        // An offset that has not been written would be waited for.
        long end = reader.ends(Set.of(partition)).getOrDefault(partition, 0L);
        return position.offset() >= end ? null : reader.at(partition, position.offset());
    }

    private int partitions(String topic) throws Exception {
        @Nullable Integer known = partitions.get(topic);
        if (known == null) {
            known = cluster.topic(topic).map(found -> found.partitions().size()).orElse(0);
            partitions.put(topic, known);
        }
        return known;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
