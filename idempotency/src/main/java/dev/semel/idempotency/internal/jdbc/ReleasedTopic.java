package dev.semel.idempotency.internal.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.ProcessorFailedException;
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
 * <p>A partition's records are in the partition of the same number, as far as there are so many, and else in that of the remainder. So they
 * change their place when partitions are added to this topic, and the older record stays where it was: the greatest value counts.
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
     * Whether records of a source partition that are in this partition can be in no other later: they were written when there were so many
     * partitions already that each has its own number, which adding more does not change.
     */
    boolean isAlwaysIn(TopicPartition place, int sourcePartition) {
        return place.partition() == sourcePartition;
    }

    /** The topic says nothing of a partition that was released, as far as marks and offsets say. */
    ProcessorFailedException silent(TopicPartition source, Uuid topicId, long committed) {
        return new ProcessorFailedException(
                "topic " + name + " does not say how far group " + group + " has released partition " + source
                        + ", though the group has committed offset " + committed
                        + " there and there are marks of events before it: the topic was emptied or made anew, or is not the one that was"
                        + " written so far. Without it a rewind of the group would send outputs a second time. Name the right one with"
                        + " releasedTopic(), or bring it back from a mirror. Where there is none, write a record to it for each"
                        + " partition with kafka-console-producer.sh (parse.key=true), here with key " + group + "/"
                        + topicId + "/"
                        + source.partition()
                        + " and as its value the offset before which everything was released: that is the committed offset, or 0 where"
                        + " the group was set forward before it had released anything of the partition, whose outputs are then"
                        + " reported as lost",
                null);
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
