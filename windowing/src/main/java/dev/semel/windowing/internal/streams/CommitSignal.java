package dev.semel.windowing.internal.streams;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when what is on the heap has to be written: before the commit of what has been processed, by way of a {@link CommitStore}; or at
 * once, where there is none.
 *
 * <p>Threading: the task's thread.
 */
final class CommitSignal {

    private static final Logger LOG = LoggerFactory.getLogger(CommitSignal.class);
    private static final Bytes KEY = Bytes.wrap(new byte[] {0});
    private static final byte[] CHANGED = {1};

    private final @Nullable KeyValueStore<Bytes, byte[]> store;
    private final List<Runnable> writers = new ArrayList<>();

    /** Whether the mark is in Kafka's cache. */
    private boolean isComing;

    private CommitSignal(@Nullable KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** For state that is written at once. */
    static CommitSignal none() {
        return new CommitSignal(null);
    }

    /** Of the store of a task that tells of commits. Where Kafka Streams does not let it be asked, everything is written at once. */
    @SuppressWarnings("unchecked")
    static CommitSignal of(StateStore store) {
        var signal = new CommitSignal((KeyValueStore<Bytes, byte[]>) store);
        var listen = new CommitStore.Listen(signal::arrive);
        if (store.query(listen, PositionBound.unbounded(), new QueryConfig(false))
                .isSuccess()) {
            return signal;
        }
        LOG.warn(
                "the store {} cannot be asked to tell of commits by this kafka-streams: each change is written at once, which is slower",
                store.name());
        return none();
    }

    /** Whether what has changed can wait for the commit. */
    boolean isThere() {
        return store != null;
    }

    /** Says what is to be written before each commit. */
    void beforeCommit(Runnable writer) {
        writers.add(writer);
    }

    /** A record's turn is over, and something has changed. Last of all: where Kafka's cache has no room, it is written now. */
    void settle() {
        if (store != null && !isComing) {
            isComing = true;
            store.put(KEY, CHANGED);
        }
    }

    private void arrive() {
        isComing = false;
        writers.forEach(Runnable::run);
    }

    /** What is on the heap is not written any more. */
    void close() {
        writers.clear();
    }
}
