package dev.semel.windowing;

import dev.semel.windowing.internal.streams.StateBuilder;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.errors.TopologyException;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The name, the serdes and the two stores of a sorter or a resequencer.
 *
 * @param name of the operator
 * @param keySerde of the keys
 * @param valueSerde of the values
 * @param supplier of the store of what waits; null for RocksDB
 */
record OrderState<K, V extends @Nullable Object>(
        String name,
        Serde<K> keySerde,
        Serde<V> valueSerde,
        @Nullable KeyValueBytesStoreSupplier supplier) {

    static <K, V extends @Nullable Object> OrderState<K, V> of(
            String where, @Nullable String name, @Nullable Serde<K> keySerde, @Nullable Serde<V> valueSerde) {
        if (name == null) {
            throw new IllegalArgumentException(
                    where + " needs a name, from which its stores and their topics have theirs:"
                            + " without one they would be numbered, and lost when the topology changes. Give"
                            + " Grouped.with(name, keySerde, valueSerde)");
        }
        try {
            Named.as(name).withName(name + "-waiting");
        } catch (TopologyException e) {
            throw new IllegalArgumentException(where + ": '" + name + "' cannot be a name: " + e.getMessage(), e);
        }
        if (keySerde == null || valueSerde == null) {
            throw new IllegalArgumentException(
                    where + " needs serdes of keys and values, for records that wait in a store,"
                            + " and '" + name + "' has none of the " + (keySerde == null ? "keys" : "values")
                            + ": give Grouped.with(name, keySerde, valueSerde)");
        }
        return new OrderState<>(name, keySerde, valueSerde, null);
    }

    /** A subclass to be able to read what a {@link Grouped} says. */
    private static final class Names<K, V extends @Nullable Object> extends Grouped<K, V> {

        Names(Grouped<K, V> grouped) {
            super(grouped);
        }

        OrderState<K, V> state(String where) {
            return of(where, name, keySerde, valueSerde);
        }
    }

    static <K, V extends @Nullable Object> OrderState<K, V> of(String where, Grouped<K, V> grouped) {
        return new Names<>(grouped).state(where);
    }

    OrderState<K, V> in(KeyValueBytesStoreSupplier newSupplier) {
        return new OrderState<>(name, keySerde, valueSerde, newSupplier);
    }

    String waitingStore() {
        return supplier == null ? name + "-waiting" : supplier.name();
    }

    String controlStore() {
        return name + "-control";
    }

    /** New ones each time: Kafka takes equal ones for one store, which two processors would then share without being told. */
    Set<StoreBuilder<?>> builders() {
        KeyValueBytesStoreSupplier waiting =
                supplier == null ? Stores.persistentKeyValueStore(waitingStore()) : supplier;
        return Set.of(
                StateBuilder.cached(waiting, Map.of()),
                StateBuilder.cached(Stores.inMemoryKeyValueStore(controlStore()), Map.of()));
    }
}
