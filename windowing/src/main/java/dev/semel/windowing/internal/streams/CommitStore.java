package dev.semel.windowing.internal.streams;

import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps nothing and tells when it is written to. Behind Kafka's cache that is just before each commit, in the transaction of
 * that commit.
 *
 * <h2>How a processor is told of a commit</h2>
 *
 * <p>{@code StateStore.commit} and {@code CommitCallback} come after the transaction, and under exactly-once not at ordinary commits at
 * all. But what is put into a caching store has to be in the store beneath, and in its changelog, when the transaction ends: so Kafka
 * Streams hands it on before each commit, on the task's thread. Where the cache has no room it is handed on at once, which is earlier
 * than needed and still right. {@link CommitSignal} puts a mark into the cache, and here it comes out.
 *
 * <p>Kafka Streams hands queries that it does not know to the store that it has wrapped: that is how {@link Listen} gets here.
 *
 * <p>Threading: the task's thread; queries of others find nothing.
 */
final class CommitStore implements KeyValueStore<Bytes, byte[]> {

    private final String name;
    private Runnable listener = () -> {};
    private boolean isOpen;

    CommitStore(String name) {
        this.name = name;
    }

    /** Says who is told from now on, instead of who was before. */
    record Listen(Runnable listener) implements Query<Boolean> {}

    private record Supplier(String name) implements KeyValueBytesStoreSupplier {

        @Override
        public KeyValueStore<Bytes, byte[]> get() {
            return new CommitStore(name);
        }

        @Override
        public String metricsScope() {
            return "commits";
        }
    }

    static KeyValueBytesStoreSupplier supplier(String name) {
        return new Supplier(name);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        listener.run();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
        if (query instanceof Listen listen) {
            listener = listen.listener();
            return (QueryResult<R>) QueryResult.forResult(true);
        }
        return QueryResult.forUnknownQueryType(query, this);
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        context.register(root, (key, value) -> {});
        listener = () -> {};
        isOpen = true;
    }

    @Override
    public void close() {
        listener = () -> {};
        isOpen = false;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    @Override
    public Position getPosition() {
        return Position.emptyPosition();
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        put(key, value);
        return null;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        put(key, null);
        return null;
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        return null;
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
        return new Nothing();
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return new Nothing();
    }

    @Override
    public long approximateNumEntries() {
        return 0;
    }

    private record Nothing() implements KeyValueIterator<Bytes, byte[]> {

        @Override
        public boolean hasNext() {
            return false;
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            throw new NoSuchElementException();
        }

        @Override
        public Bytes peekNextKey() {
            throw new NoSuchElementException();
        }

        @Override
        public void close() {}
    }
}
