package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.EventTimeEngine;
import dev.semel.windowing.engine.ResultSink;
import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.watermark.InputLag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts engines, for each task one.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators
 */
@FunctionalInterface
public interface EngineFactory<K, V extends @Nullable Object, A> {

    /** Starts one on what a task has stored. */
    EventTimeEngine<K, V> start(
            TaskState<K, A> state,
            ControlState control,
            List<StoredControl> stored,
            ResultSink<K, A> sink,
            InputLag lag,
            long now);
}
