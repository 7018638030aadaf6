package dev.semel.windowing.internal.streams;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
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
 * that is known of it is here; {@link StateWriting} looks whether it is as known, and without it each change is written at once.
 *
 * <p>It is not a {@link KeyValueStore} itself: Kafka Streams would then hand the processor a wrapper, behind which it cannot be reached.
 *
 * <p>Threading: the task's thread; queries come on any.
 */
final class WriteBackBytes implements StateBytes, StateStore, CachedStateStore<Bytes, byte[]> {

    private final KeyValueStore<Bytes, byte[]> inner;
    private @Nullable Runnable write;

    WriteBackBytes(KeyValueStore<Bytes, byte[]> inner) {
        this.inner = inner;
    }

    @Override
    public KeyValueStore<Bytes, byte[]> bytes() {
        return inner;
    }

    @Override
    public boolean isWrittenBack() {
        return true;
    }

    @Override
    public void beforeCommit(Runnable newWrite) {
        write = newWrite;
    }

    /** Called by the task's thread, when it is about to commit. */
    @Override
    public void flushCache() {
        if (write != null) {
            write.run();
        }
    }

    /** Called when an active task becomes a standby, after its processor has been closed. */
    @Override
    public void clearCache() {
        write = null;
    }

    /** There is nobody downstream of the store itself. */
    @Override
    public boolean setFlushListener(CacheFlushListener<Bytes, byte[]> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        write = null;
        inner.init(context, root);
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation")
    public void flush() {
        inner.flush();
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        inner.commit(changelogOffsets);
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        return inner.committedOffset(partition);
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation")
    public boolean managesOffsets() {
        return inner.managesOffsets();
    }

    @Override
    public void close() {
        write = null;
        inner.close();
    }

    @Override
    public boolean persistent() {
        return inner.persistent();
    }

    @Override
    public boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public Position getPosition() {
        return inner.getPosition();
    }

    @Override
    public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
        return inner.query(query, bound, config);
    }
}
