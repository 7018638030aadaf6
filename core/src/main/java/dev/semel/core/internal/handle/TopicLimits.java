package dev.semel.core.internal.handle;

import dev.semel.core.failure.OutputRejectedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What a topic takes.
 *
 * @param topic its name
 * @param partitions how many partitions it has
 * @param maxRecordBytes the largest record that both the producer and the topic take
 */
record TopicLimits(String topic, int partitions, int maxRecordBytes) {

    // A record in a batch of its own: the batch's header (61), and what length, attributes, timestamp, offset and the
    // counts
    // take at most (21 and 10), as in Kafka's own upper bound, rounded up.
    private static final int RECORD_OVERHEAD = 128;
    private static final int VARINT = 5;

    void check(ProducerRecord<byte[], byte[]> output) {
        @Nullable Integer partition = output.partition();
        if (partition != null && partition >= partitions) {
            throw new OutputRejectedException(
                    "an output names partition " + partition + " of topic " + topic + ", which has " + partitions,
                    null);
        }
        long size = sizeOf(output);
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
        return sizeOf(output) <= maxRecordBytes;
    }

    private static long sizeOf(ProducerRecord<byte[], byte[]> output) {
        long size = RECORD_OVERHEAD + length(output.key()) + length(output.value());
        for (Header header : output.headers().toArray()) {
            // Three bytes are the most that a character takes in UTF-8 for each char of a String.
            size += 3L * header.key().length() + length(header.value()) + 2 * VARINT;
        }
        return size;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
