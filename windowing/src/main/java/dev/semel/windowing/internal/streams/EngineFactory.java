package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.WindowEngineBuilder;
import dev.semel.windowing.watermark.InputLag;
import org.jspecify.annotations.Nullable;

/**
 * Makes what starts an engine, for each task one.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators
 */
@FunctionalInterface
public interface EngineFactory<K, V extends @Nullable Object, A> {

    /** With all settings but what is a task's own. */
    WindowEngineBuilder<K, V, A> engine(InputLag lag);
}
