package dev.semel.windowing.internal.streams;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Makes a {@link StateBytes} for each task. The changelog cannot be switched off: without it a restart loses what is open. */
public final class StateBytesBuilder implements StoreBuilder<StateBytes> {

    private final KeyValueBytesStoreSupplier supplier;
    private final StateWriting writing;
    private final StateQueries queries;
    private Map<String, String> changelog = Map.of();
    private boolean isCached = true;

    /** @param queries answers those that Kafka's stores do not know */
    public StateBytesBuilder(KeyValueBytesStoreSupplier supplier, StateWriting writing, StateQueries queries) {
        this.supplier = supplier;
        this.writing = writing.orWhatIsPossible();
        this.queries = queries;
    }

    @Override
    public StoreBuilder<StateBytes> withCachingEnabled() {
        isCached = true;
        return this;
    }

    @Override
    public StoreBuilder<StateBytes> withCachingDisabled() {
        isCached = false;
        return this;
    }

    @Override
    public StoreBuilder<StateBytes> withLoggingEnabled(Map<String, String> config) {
        changelog = Map.copyOf(config);
        return this;
    }

    @Override
    public StoreBuilder<StateBytes> withLoggingDisabled() {
        throw new UnsupportedOperationException(
                "the store " + name() + " has what open windows are restored from: it needs its changelog");
    }

    @Override
    public StateBytes build() {
        StoreBuilder<KeyValueStore<Bytes, byte[]>> inner = Stores.keyValueStoreBuilder(
                        supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(changelog);
        if (writing == StateWriting.BACK) {
            return new WriteBackBytes(inner.withCachingDisabled().build(), queries);
        }
        return new StateBytes((isCached ? inner.withCachingEnabled() : inner.withCachingDisabled()).build(), queries);
    }

    @Override
    public Map<String, String> logConfig() {
        return changelog;
    }

    @Override
    public boolean loggingEnabled() {
        return true;
    }

    @Override
    public String name() {
        return supplier.name();
    }
}
