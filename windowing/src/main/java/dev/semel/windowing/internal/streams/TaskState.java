package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.state.HeapSessionStore;
import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import dev.semel.windowing.state.SessionStore;
import dev.semel.windowing.state.WindowStore;
import java.util.List;

/**
 * The accumulators of a task, in the shape that an engine wants.
 *
 * <p>Threading: the task's thread.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
public interface TaskState<K, A> {

    /** For windows that are the same for all keys. */
    WindowStore<K, A> windows(List<StoredControl> stored);

    /** For sessions. */
    SessionStore<K, A> sessions();

    /** None, and nowhere to keep any: to see whether an engine would start. */
    static <K, A> TaskState<K, A> none() {
        KeyBytes<K> noKeys = key -> new byte[0];
        return new TaskState<>() {
            @Override
            public WindowStore<K, A> windows(List<StoredControl> stored) {
                return new HeapWindowStore<>(noKeys);
            }

            @Override
            public SessionStore<K, A> sessions() {
                return new HeapSessionStore<>(noKeys);
            }
        };
    }
}
