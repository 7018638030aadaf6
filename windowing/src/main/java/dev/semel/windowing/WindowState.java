package dev.semel.windowing;

import dev.semel.windowing.internal.streams.StateBuilder;
import dev.semel.windowing.internal.streams.StateWriting;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.DslStoreFormat;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** What a {@link Materialized} says of the two stores of an operator. It is a subclass to be able to read one. */
final class WindowState<K, A> extends Materialized<K, A, KeyValueStore<Bytes, byte[]>> {

    private final String name;

    WindowState(String name, Materialized<K, A, KeyValueStore<Bytes, byte[]>> materialized) {
        super(materialized);
        this.name = name;
        if (!loggingEnabled) {
            throw new IllegalArgumentException(
                    name + ": open windows are restored from the changelog, and withLoggingDisabled()"
                            + " leaves them without one: leave it out");
        }
        if (topicConfig.getOrDefault("cleanup.policy", "compact").contains("delete")) {
            throw new IllegalArgumentException(name + ": cleanup.policy=" + topicConfig.get("cleanup.policy")
                    + " deletes open windows from the changelog by their age: leave it at compact");
        }
    }

    Serde<K> keys(@Nullable Serde<K> otherwise) {
        Serde<K> serde = keySerde == null ? otherwise : keySerde;
        if (serde == null) {
            throw new IllegalArgumentException(
                    name + ": no serde of the keys is given: give it with Grouped.with(...) or Materialized.with(...)");
        }
        return serde;
    }

    Serde<A> accumulators() {
        if (valueSerde == null) {
            throw new IllegalArgumentException(
                    name + ": no serde of the accumulators is given: give it with Materialized.with(...)");
        }
        return valueSerde;
    }

    String windowsStore() {
        if (storeSupplier != null) {
            return storeSupplier.name();
        }
        return storeName == null ? name + "-windows" : storeName;
    }

    String controlStore() {
        return name + "-control";
    }

    /** The store that tells of commits; null where each change is to be written at once. */
    @Nullable String commitsStore(Windowing<?, ?, ?> windowing) {
        if (!cachingEnabled && windowing.writing() == StateWriting.BACK) {
            throw new IllegalArgumentException(name
                    + ": withCachingDisabled() writes each change at once, and writeBeforeCommit() none before the commit:"
                    + " leave out one");
        }
        return windowing.writing() == StateWriting.BACK ? name + "-commits" : null;
    }

    /** New ones each time: Kafka takes equal ones for one store, which two processors would then share without being told. */
    Set<StoreBuilder<?>> builders(@Nullable String commitsStore) {
        KeyValueBytesStoreSupplier control = Stores.inMemoryKeyValueStore(controlStore());
        if (commitsStore != null) {
            return Set.of(
                    StateBuilder.plain(supplier(), topicConfig),
                    StateBuilder.plain(control, Map.of()),
                    StateBuilder.commits(commitsStore));
        }
        return Set.of(
                cachingEnabled
                        ? StateBuilder.cached(supplier(), topicConfig)
                        : StateBuilder.plain(supplier(), topicConfig),
                StateBuilder.cached(control, Map.of()));
    }

    private KeyValueBytesStoreSupplier supplier() {
        if (storeSupplier instanceof KeyValueBytesStoreSupplier supplier) {
            return supplier;
        }
        return dslStoreSuppliers == null
                ? Stores.persistentKeyValueStore(windowsStore())
                : dslStoreSuppliers.keyValueStore(new DslKeyValueParams(windowsStore(), DslStoreFormat.PLAIN));
    }
}
