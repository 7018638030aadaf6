package dev.semel.windowing;

import dev.semel.windowing.internal.streams.OrderSettings;
import dev.semel.windowing.internal.streams.OrderSettings.Children;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A sorter or a resequencer as a processor: it forwards records as they came, those in order to the first of its children, and brings
 * its stores with it. One object serves one place of one topology.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class OrderProcessorSupplier<K, V extends @Nullable Object>
        implements ProcessorSupplier<K, V, Object, Object> {

    private final OrderSettings<K, V> settings;
    private final OrderState<K, V> state;
    private final Children children;

    OrderProcessorSupplier(OrderSettings<K, V> settings, OrderState<K, V> state, Children children) {
        this.settings = settings;
        this.state = state;
        this.children = children;
    }

    /** For Kafka Streams: the processor of a task. */
    @Override
    public Processor<K, V, Object, Object> get() {
        return settings.processor(children);
    }

    /** For Kafka Streams: the stores of what waits and of what else is to survive. */
    @Override
    public Set<StoreBuilder<?>> stores() {
        return state.builders();
    }
}
