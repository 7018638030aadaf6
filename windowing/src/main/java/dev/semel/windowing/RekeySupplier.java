package dev.semel.windowing;

import dev.semel.windowing.internal.streams.RekeyProcessor;
import dev.semel.windowing.internal.streams.RekeySettings;
import dev.semel.windowing.internal.streams.StateBuilder;
import dev.semel.windowing.internal.streams.StateWriting;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** Makes the processors before a repartitioning, and the store of their marks. */
record RekeySupplier<K, V extends @Nullable Object, R>(RekeySettings<K, V, R> settings, StateWriting writing)
        implements ProcessorSupplier<K, V, Object, V> {

    @Override
    public Processor<K, V, Object, V> get() {
        return new RekeyProcessor<>(settings);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(StateBuilder.of(Stores.inMemoryKeyValueStore(settings.store()), writing, Map.of()));
    }
}
