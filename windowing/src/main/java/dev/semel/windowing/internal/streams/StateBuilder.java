package dev.semel.windowing.internal.streams;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Makes the stores of an operator: all of them Kafka's own, of bytes. */
public final class StateBuilder {

    private StateBuilder() {}

    /**
     * One without a cache: what is written is in the changelog at once.
     *
     * @param changelog settings of the topic
     */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> plain(
            KeyValueBytesStoreSupplier supplier, Map<String, String> changelog) {
        return bytes(supplier).withLoggingEnabled(changelog).withCachingDisabled();
    }

    /**
     * One behind Kafka's cache, which writes once for each commit what is written often.
     *
     * @param changelog settings of the topic
     */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> cached(
            KeyValueBytesStoreSupplier supplier, Map<String, String> changelog) {
        return bytes(supplier).withLoggingEnabled(changelog).withCachingEnabled();
    }

    /** One that keeps nothing, has no topic, and tells a task of its commits. */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> commits(String name) {
        return bytes(CommitStore.supplier(name)).withLoggingDisabled().withCachingEnabled();
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> bytes(KeyValueBytesStoreSupplier supplier) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray());
    }
}
