package dev.semel.windowing;

import dev.semel.windowing.internal.streams.RekeyProcessor;
import dev.semel.windowing.internal.streams.RekeySettings;
import dev.semel.windowing.internal.streams.StateBuilder;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** Makes the processors before a repartitioning, and the stores of their marks. */
record RekeySupplier<K, V extends @Nullable Object, R>(RekeySettings<K, V, R> settings)
        implements ProcessorSupplier<K, V, Object, V> {

    @Override
    public Processor<K, V, Object, V> get() {
        return new RekeyProcessor<>(settings);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        KeyValueBytesStoreSupplier control = Stores.inMemoryKeyValueStore(settings.store());
        String commitsStore = settings.commitsStore();
        return commitsStore == null
                ? Set.of(StateBuilder.cached(control, Map.of()))
                : Set.of(StateBuilder.plain(control, Map.of()), StateBuilder.commits(commitsStore));
    }
}
