package dev.semel.windowing.internal.streams;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Makes the stores of an operator: Kafka's own, or one that is written back, which takes the heap for its cache. */
public final class StateBuilder implements StoreBuilder<StateStore> {

    private final KeyValueBytesStoreSupplier supplier;
    private Map<String, String> changelog;

    private StateBuilder(KeyValueBytesStoreSupplier supplier, Map<String, String> changelog) {
        this.supplier = supplier;
        this.changelog = changelog;
    }

    /**
     * A builder of stores that are written to in this way, as far as that is possible.
     *
     * @param changelog settings of the topic
     */
    public static StoreBuilder<?> of(
            KeyValueBytesStoreSupplier supplier, StateWriting writing, Map<String, String> changelog) {
        return writing.orWhatIsPossible() == StateWriting.BACK
                ? new StateBuilder(supplier, changelog)
                : bytes(supplier, changelog).withCachingEnabled();
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> bytes(
            KeyValueBytesStoreSupplier supplier, Map<String, String> changelog) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(changelog);
    }

    @Override
    public StateStore build() {
        return new WriteBackBytes(
                bytes(supplier, changelog).withCachingDisabled().build());
    }

    /** There is nothing to switch: what is on the heap is the cache. */
    @Override
    public StoreBuilder<StateStore> withCachingEnabled() {
        return this;
    }

    @Override
    public StoreBuilder<StateStore> withCachingDisabled() {
        throw new UnsupportedOperationException("the store " + name() + " is written before each commit, and is a cache"
                + " until then: leave out writeBeforeCommit()");
    }

    @Override
    public StoreBuilder<StateStore> withLoggingEnabled(Map<String, String> config) {
        changelog = Map.copyOf(config);
        return this;
    }

    @Override
    public StoreBuilder<StateStore> withLoggingDisabled() {
        throw new UnsupportedOperationException(
                "the store " + name() + " has what open windows are restored from: it needs its changelog");
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
