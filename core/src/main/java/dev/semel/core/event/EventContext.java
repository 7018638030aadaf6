package dev.semel.core.event;

import dev.semel.core.failure.OutputRejectedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one event, as its handler sees it: what is sent through it becomes visible to {@code read_committed} readers
 * together with the event's offset, or not at all.
 *
 * <p>Threading: for the thread that runs the handler, during the call; afterwards every method throws
 * {@link IllegalStateException}.
 */
public interface EventContext {

    /**
     * Sends a result. Outputs of a partition are released in the order of its records, and those of a record in the order of
     * these calls.
     *
     * <p>It carries the event's business headers and {@code traceparent}, the event record's timestamp (so that event time
     * survives, as in Kafka Streams), and an identity of its own: {@code ce_id} is made from the event's identity and the
     * number of the output, so that it is the same when the record is handled again; {@code ce_source} is the group,
     * {@code ce_type} the simple name of the value's class, {@code ce_time} the event's.
     *
     * @param topic an existing topic
     * @param key written by the processor's serde; chooses the partition as Kafka's default partitioner does
     * @param value written by the processor's serde
     * @param headers added to those above; one of the same name replaces it
     * @throws OutputRejectedException where Kafka would refuse it; the record fails with it
     */
    void send(String topic, @Nullable Object key, @Nullable Object value, Header... headers);

    /**
     * Sends a result as it is: nothing is added to it.
     *
     * @throws OutputRejectedException where Kafka would refuse it; the record fails with it
     */
    void send(ProducerRecord<byte[], byte[]> output);

    /** Which attempt this is, from 1, counted in this assignment of the partition. */
    int attempt();
}
