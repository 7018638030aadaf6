package dev.semel.idempotency.internal.kafka;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.topics.PatientCluster;
import dev.semel.core.participant.topics.TopicReplay;
import dev.semel.idempotency.internal.marks.Marks;
import dev.semel.idempotency.internal.marks.PackFormat;
import dev.semel.idempotency.internal.marks.PackNumbers;
import dev.semel.idempotency.internal.marks.UnreadablePackException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the packs of one partition into memory. Used once, by one thread, which may be interrupted. */
final class MarkRestore {

    /** What bounds the memory of a restore beside the marks: a few packs, which have up to half a megabyte. */
    private static final int FETCH_BYTES = 2 * 1024 * 1024;

    /** More at a time than by default, since a pack can be as small as one mark. */
    private static final int POLL_RECORDS = 2_000;

    private static final Map<String, Object> TUNING = Map.of(
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            FETCH_BYTES,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            FETCH_BYTES,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            POLL_RECORDS);

    private final PatientCluster cluster;
    private final Participation processor;
    private final TopicPartition source;
    private final TopicPartition partition;
    private final PackFormat format;

    MarkRestore(
            PatientCluster cluster,
            Participation processor,
            TopicPartition source,
            TopicPartition partition,
            PackFormat format) {
        this.cluster = cluster;
        this.processor = processor;
        this.source = source;
        this.partition = partition;
        this.format = format;
    }

    /** What has expired is in neither afterwards. */
    void into(Marks marks, PackNumbers packs) throws Exception {
        checkPartition(cluster.topic(partition.topic()));
        long end = cluster.end(partition);
        var progress = new RestoreProgress(partition, end, System::nanoTime);
        var restored = new RestoredPacks(marks, packs, format, processor.clock());
        new TopicReplay(this::consumer)
                .replay(partition, end, record -> progress.restored(read(record, restored)), progress::at);
        restored.forgetExpired();
        progress.ended(marks.size());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        var config = new HashMap<>(processor.consumerConfig());
        config.putAll(TUNING);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Partitions can be added to a source topic while the processor runs. */
    private void checkPartition(TopicDescription topic) {
        if (partition.partition() >= topic.partitions().size()) {
            throw new ProcessorFailedException(
                    "topic " + partition.topic() + " has " + topic.partitions().size()
                            + " partition(s), and none for the marks of " + source
                            + ": add partitions to it, as many as the source topic has, and start the processor again",
                    null);
        }
    }

    private int read(ConsumerRecord<byte[], byte[]> record, RestoredPacks restored) {
        try {
            return restored.add(record.key(), record.value());
        } catch (UnreadablePackException e) {
            throw new ProcessorFailedException(
                    "offset " + record.offset() + " of " + partition + ", the marks of " + source + ", cannot be read: "
                            + e.getMessage(),
                    e);
        }
    }
}
