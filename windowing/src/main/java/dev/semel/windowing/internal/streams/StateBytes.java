package dev.semel.windowing.internal.streams;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store of a task, and when it is written to.
 *
 * <p>Threading: the task's thread.
 *
 * @param bytes what is stored
 * @param commits says when what has changed is to be written
 */
record StateBytes(KeyValueStore<Bytes, byte[]> bytes, CommitSignal commits) {

    /** One that is written to at once. */
    static StateBytes of(StateStore store) {
        return of(store, CommitSignal.none());
    }

    /** One that is written to when a signal says so. */
    @SuppressWarnings("unchecked")
    static StateBytes of(StateStore store, CommitSignal commits) {
        return new StateBytes((KeyValueStore<Bytes, byte[]>) store, commits);
    }

    byte @Nullable [] get(Bytes key) {
        return bytes.get(key);
    }

    void put(Bytes key, byte[] value) {
        bytes.put(key, value);
    }

    /** By a null: {@code delete} gives the old value, for which RocksDB is read. */
    @SuppressWarnings("NullAway") // Kafka documents it so, and has no annotations.
    void remove(Bytes key) {
        bytes.put(key, null);
    }
}
