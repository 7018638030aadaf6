package dev.semel.core.internal.handle;

import dev.semel.core.failure.LetterWriter;
import dev.semel.core.failure.OutputRejectedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a topic takes.
 *
 * @param topic its name
 * @param partitions how many partitions it has
 * @param maxRecordBytes the largest record that both the producer and the topic take
 */
record TopicLimits(String topic, int partitions, int maxRecordBytes) {

    void check(ProducerRecord<byte[], byte[]> output) {
        @Nullable Integer partition = output.partition();
        if (partition != null && partition >= partitions) {
            throw new OutputRejectedException(
                    "an output names partition " + partition + " of topic " + topic + ", which has " + partitions,
                    null);
        }
        long size = LetterWriter.sizeOf(output);
        if (size > maxRecordBytes) {
            throw new OutputRejectedException(
                    "an output of " + size + " bytes is too large for topic " + topic + ", which takes "
                            + maxRecordBytes
                            + ": raise max.message.bytes of the topic and max.request.size of the producer, or send less",
                    null);
        }
    }

    /** Whether {@link #check} would pass. */
    boolean accepts(ProducerRecord<byte[], byte[]> output) {
        @Nullable Integer partition = output.partition();
        return (partition == null || partition < partitions) && fits(output);
    }

    boolean fits(ProducerRecord<byte[], byte[]> output) {
        return LetterWriter.sizeOf(output) <= maxRecordBytes;
    }
}
