package dev.semel.idempotency.internal.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The compacted topic that says of each source partition how far it is released: key {@code group/topic id/partition}, value the offset
 * before which everything is, both as text. It is written in the transaction that releases, and no reset of the group changes it.
 *
 * <p>A partition's records are in the partition of the same number, as far as there are so many.
 *
 * @param name of the topic
 * @param group the consumer group
 * @param partitions of this topic
 */
record ReleasedTopic(String name, String group, int partitions) {

    /**
     * What a record says.
     *
     * @param released the offset before which everything is released
     */
    record Entry(PartitionFacts.Place place, long released) {}

    /** What to write when everything before this offset is released. */
    ProducerRecord<byte[], byte[]> record(Uuid topicId, int partition, long released) {
        return new ProducerRecord<>(
                name,
                partition % partitions,
                (group + "/" + topicId + "/" + partition).getBytes(UTF_8),
                Long.toString(released).getBytes(UTF_8));
    }

    /** Where the records of a source partition are. */
    TopicPartition partitionOf(int sourcePartition) {
        return new TopicPartition(name, sourcePartition % partitions);
    }

    /**
     * Reads a record.
     *
     * @return empty where it is of another group, or deletes what somebody no longer needs
     * @throws IllegalStateException where it is not what it should be
     */
    Optional<Entry> read(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        if (key == null) {
            throw unreadable(record, null);
        }
        if (value == null) {
            return Optional.empty();
        }
        String text = new String(key, UTF_8);
        int last = text.lastIndexOf('/');
        int middle = text.lastIndexOf('/', last - 1);
        try {
            return text.substring(0, middle).equals(group)
                    ? Optional.of(new Entry(
                            new PartitionFacts.Place(
                                    Uuid.fromString(text.substring(middle + 1, last)),
                                    Integer.parseInt(text.substring(last + 1))),
                            Long.parseLong(new String(value, UTF_8))))
                    : Optional.empty();
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw unreadable(record, e);
        }
    }

    private IllegalStateException unreadable(ConsumerRecord<byte[], byte[]> record, @Nullable Exception cause) {
        return new IllegalStateException(
                "the record in topic " + name + ", partition " + record.partition() + ", offset " + record.offset()
                        + " does not say how far a partition is released (key group/topic id/partition, value an offset): only"
                        + " the processors of group " + group
                        + " may write to that topic; find out who else did, and delete the"
                        + " records up to this one with kafka-delete-records.sh if later ones of the same key are there",
                cause);
    }
}
