package dev.semel.windowing.internal.streams;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * One of Kafka's own stores, as it is. It cannot be wrapped: Kafka Streams flushes the cache of a store before a commit only where it
 * finds its own type.
 */
record WriteThroughBytes(KeyValueStore<Bytes, byte[]> bytes) implements StateBytes {

    @Override
    public boolean isWrittenBack() {
        return false;
    }

    @Override
    public void beforeCommit(Runnable write) {}
}
