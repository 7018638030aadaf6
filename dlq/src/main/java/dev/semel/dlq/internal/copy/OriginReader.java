package dev.semel.dlq.internal.copy;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.Letter;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.copy.OriginReader.Origin.Found;
import dev.semel.dlq.internal.copy.OriginReader.Origin.Missing;
import dev.semel.dlq.internal.letters.LetterReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Fetches the records of letters from where they came, while they are retained. For one thread. */
final class OriginReader implements AutoCloseable {

    /** By which a record may seem to be later than its own failure: the clocks of machines differ. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    /** What lies at the origin of a letter. */
    sealed interface Origin {

        /** The record. */
        record Found(ConsumerRecord<byte[], byte[]> record) implements Origin {}

        /** Nothing that can be sent. */
        enum Missing implements Origin {
            /** Retention has deleted it, or its topic is gone. */
            GONE("its bytes are neither in the letter nor in its origin any more", true),
            /** The topic was made anew, and is filled again. */
            ANOTHER("at its origin lies another record by now: its bytes are in neither any more", true),
            /** Kafka Streams without transactions reads such records. */
            UNDECIDED("a transaction at its origin is neither committed nor aborted yet: run it again", false);

            private final String reason;
            private final boolean isLost;

            Missing(String reason, boolean isLost) {
                this.reason = reason;
                this.isLost = isLost;
            }

            String reason() {
                return reason;
            }

            /** Whether nobody can send it any more. */
            boolean isLost() {
                return isLost;
            }
        }
    }

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

    /** What lies where a letter comes from. */
    Origin fetch(Letter letter, RecordPosition position) throws Exception {
        var partition = new TopicPartition(position.topic(), position.partition());
        if (position.partition() >= partitions(position.topic())) {
            return Missing.GONE;
        }
        if (reader == null) {
            reader = new LetterReader(kafka.consumer("earliest"), deadline);
        }
        // An offset that has not been written would be waited for.
        long end = reader.ends(Set.of(partition)).getOrDefault(partition, 0L);
        if (position.offset() >= end) {
            return position.offset() < cluster.end(partition) ? Missing.UNDECIDED : Missing.GONE;
        }
        @Nullable ConsumerRecord<byte[], byte[]> record = reader.at(partition, position.offset());
        if (record == null) {
            return Missing.GONE;
        }
        return isAnother(record, letter) ? Missing.ANOTHER : new Found(record);
    }

    /**
     * Whether a record cannot be the one of a letter: it has another key, or was written after the letter's failure. That its timestamp
     * is another proves nothing: Kafka Streams' letters have the one that its extractor or an earlier processor gave the record.
     */
    private static boolean isAnother(ConsumerRecord<byte[], byte[]> record, Letter letter) {
        if (letter.key() != null && !Arrays.equals(letter.key(), record.key())) {
            return true;
        }
        @Nullable Long timestamp = letter.originalTimestamp();
        return (timestamp == null || timestamp != record.timestamp())
                && record.timestamp() > letter.failedAt().plus(CLOCKS_DIFFER).toEpochMilli();
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
