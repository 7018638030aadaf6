package dev.semel.examples.benchmarks.workload;

import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of a topic, one after the other. For one thread. */
@FunctionalInterface
public interface Records {

    /**
     * The next record.
     *
     * @param dueNanos when it is to be sent
     */
    ProducerRecord<byte[], byte[]> next(long dueNanos);
}
