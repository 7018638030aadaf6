package dev.semel.idempotency.streams;

import dev.semel.idempotency.internal.streams.Retention;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.DslStoreFormat;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** What {@link Deduplicate} was told, with the names that derive from its own. */
record DeduplicateSettings<K extends @Nullable Object, V extends @Nullable Object>(
        EventNames<K, V> names,
        String name,
        Duration retention,
        RetentionClock clock,
        MissingId missingId,
        WithoutExactlyOnce withoutExactlyOnce,
        DslStoreSuppliers stores) {

    String storeName() {
        return name + "-marks";
    }

    String passedName() {
        return name + "-passed";
    }

    String duplicatesName() {
        return name + "-duplicates";
    }

    /** A new builder each time: Kafka takes equal ones for one store, which two processors would then share without being told. */
    StoreBuilder<KeyValueStore<Bytes, byte[]>> storeBuilder() {
        return Stores.keyValueStoreBuilder(
                        stores.keyValueStore(new DslKeyValueParams(storeName(), DslStoreFormat.PLAIN)),
                        Serdes.Bytes(),
                        Serdes.ByteArray())
                .withCachingDisabled();
    }

    Retention expiry() {
        return new Retention(
                retention.toMillis(), clock != RetentionClock.WALL_CLOCK, clock != RetentionClock.EVENT_TIME);
    }

    DeduplicateSettings<K, V> withClock(RetentionClock newClock) {
        return new DeduplicateSettings<>(names, name, retention, newClock, missingId, withoutExactlyOnce, stores);
    }

    DeduplicateSettings<K, V> withMissingId(MissingId policy) {
        return new DeduplicateSettings<>(names, name, retention, clock, policy, withoutExactlyOnce, stores);
    }

    DeduplicateSettings<K, V> withoutExactlyOnce(WithoutExactlyOnce policy) {
        return new DeduplicateSettings<>(names, name, retention, clock, missingId, policy, stores);
    }

    DeduplicateSettings<K, V> withStores(DslStoreSuppliers newStores) {
        return new DeduplicateSettings<>(names, name, retention, clock, missingId, withoutExactlyOnce, newStores);
    }
}
