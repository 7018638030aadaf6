package dev.semel.core.internal.release;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** How much memory records hold, as bytes of their keys, values and headers. */
final class Sizes {

    private Sizes() {}

    static long of(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize())
                + Math.max(0, record.serializedValueSize())
                + of(record.headers());
    }

    static long of(Outcome outcome) {
        long size = 0;
        for (ProducerRecord<byte[], byte[]> output : outcome.outputs()) {
            size += length(output.key()) + length(output.value()) + of(output.headers());
        }
        return size;
    }

    private static long of(Headers headers) {
        long size = 0;
        // As an array: most records have no headers, and an iterator would cost more than all the rest.
        for (Header header : headers.toArray()) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
