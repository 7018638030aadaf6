package dev.semel.windowing.internal.streams;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A store that is asked to write what is still on the heap before each commit, in the transaction of that commit.
 *
 * <h2>The one place that leans on Kafka's inside</h2>
 *
 * <p>{@code StateStore.commit} and {@code CommitCallback} come after the transaction, and under exactly-once not at ordinary commits at
 * all. What comes before is {@link CachedStateStore#flushCache}, by which Kafka's own caches are written. The type is not public, so all
 * that is known of it is here, {@link StateWriting} looks whether it is as known, and without it each change is written at once.
 */
final class WriteBackBytes extends StateBytes implements CachedStateStore<Bytes, byte[]> {

    private @Nullable Runnable write;

    WriteBackBytes(KeyValueStore<Bytes, byte[]> inner, StateQueries queries) {
        super(inner, queries);
    }

    @Override
    void beforeCommit(@Nullable Runnable newWrite) {
        write = newWrite;
    }

    @Override
    boolean isWrittenBack() {
        return true;
    }

    /** Called by the task's thread, when it is about to commit. */
    @Override
    public void flushCache() {
        if (write != null) {
            write.run();
        }
    }

    /** Called when an active task becomes a standby: its processor has been closed, and what it had on the heap with it. */
    @Override
    public void clearCache() {
        write = null;
    }

    /** There is nobody downstream of the store itself. */
    @Override
    public boolean setFlushListener(CacheFlushListener<Bytes, byte[]> listener, boolean sendOldValues) {
        return false;
    }
}
