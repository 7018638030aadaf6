package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.internal.streams.RekeyedWindowProcessor;
import dev.semel.windowing.internal.streams.WindowProcessor;
import dev.semel.windowing.internal.streams.WindowSettings;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Windows as a processor: it forwards results, whose keys are {@code Windowed<K>} and whose values are what was computed, and, if it is
 * told where to, late records as they came. It brings its stores with it. One object serves one place of one topology.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @param <A> the type of the results
 */
public final class WindowProcessorSupplier<K, V extends @Nullable Object, A>
        implements ProcessorSupplier<K, V, Object, Object> {

    private final WindowSettings<K, V, A> settings;
    private final WindowState<K, A> state;

    WindowProcessorSupplier(WindowSettings<K, V, A> settings, WindowState<K, A> state) {
        this.settings = settings;
        this.state = state;
    }

    /**
     * Forwards each of the two to one child. Without this, results go to all children, and late records are counted.
     *
     * @param results the name of the child that takes results
     * @param late the name of the child that takes late records
     */
    public WindowProcessorSupplier<K, V, A> forwardingTo(String results, String late) {
        return new WindowProcessorSupplier<>(
                settings.forwardingTo(requireNonNull(results, "results"), requireNonNull(late, "late")), state);
    }

    /** The same, for records that have come through {@code rekey}. */
    ProcessorSupplier<Object, V, Object, Object> behindRekey() {
        return new Behind<>(this);
    }

    private record Behind<K, V extends @Nullable Object, A>(WindowProcessorSupplier<K, V, A> windows)
            implements ProcessorSupplier<Object, V, Object, Object> {

        @Override
        public Processor<Object, V, Object, Object> get() {
            return new RekeyedWindowProcessor<>(windows.settings);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return windows.stores();
        }
    }

    /** For Kafka Streams: the processor of a task. */
    @Override
    public Processor<K, V, Object, Object> get() {
        return new WindowProcessor<>(settings);
    }

    /** For Kafka Streams: the stores of the accumulators and of what else is to survive. */
    @Override
    public Set<StoreBuilder<?>> stores() {
        return state.builders(settings.commitsStore());
    }
}
