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
import org.jspecify.annotations.Nullable;

/**
 * A store of Kafka Streams, with an ear for queries of our own. It is not a {@link KeyValueStore} itself: Kafka Streams would then hand
 * a processor a wrapper of it, behind which nothing of this can be reached.
 *
 * <p>Threading: the task's thread writes; queries come on any thread.
 */
public class StateBytes implements StateStore {

    private final KeyValueStore<Bytes, byte[]> inner;
    private final StateQueries queries;
    private volatile @Nullable LiveReport live;

    StateBytes(KeyValueStore<Bytes, byte[]> inner, StateQueries queries) {
        this.inner = inner;
        this.queries = queries;
    }

    /** What is stored. */
    public final KeyValueStore<Bytes, byte[]> bytes() {
        return inner;
    }

    /** What the processor has said of itself last; null where none runs on this state, as on a standby. */
    public final @Nullable LiveReport live() {
        return live;
    }

    final void live(@Nullable LiveReport report) {
        live = report;
    }

    /** Says what is to be written before a commit. Stores that write at once have nothing to be told. */
    void beforeCommit(@Nullable Runnable write) {}

    /** Whether {@link #beforeCommit} is heeded. */
    boolean isWrittenBack() {
        return false;
    }

    @Override
    public final String name() {
        return inner.name();
    }

    @Override
    public final void init(StateStoreContext context, StateStore root) {
        inner.init(context, root);
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation")
    public final void flush() {
        inner.flush();
    }

    @Override
    public final void commit(Map<TopicPartition, Long> changelogOffsets) {
        inner.commit(changelogOffsets);
    }

    @Override
    public final @Nullable Long committedOffset(TopicPartition partition) {
        return inner.committedOffset(partition);
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation")
    public final boolean managesOffsets() {
        return inner.managesOffsets();
    }

    @Override
    public final void close() {
        live = null;
        inner.close();
    }

    @Override
    public final boolean persistent() {
        return inner.persistent();
    }

    @Override
    public final boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public final Position getPosition() {
        return inner.getPosition();
    }

    @Override
    public final <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
        QueryResult<R> answer = queries.answer(this, query, bound, config);
        return answer == null ? inner.query(query, bound, config) : answer;
    }
}
