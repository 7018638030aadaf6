package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.state.SessionStore;
import dev.semel.windowing.state.WindowStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The accumulators of a task, in its store.
 *
 * <p>Threading: the task's thread.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
final class StoredTaskState<K, A> implements TaskState<K, A> {

    private final StateBytes store;
    private final StoreKeys<K> keys;
    private final EntryFormat<A> format;
    private final long heapBound;
    private @Nullable StreamsWindowStore<K, A> windows;

    StoredTaskState(StateBytes store, StoreKeys<K> keys, EntryFormat<A> format, long heapBound) {
        this.store = store;
        this.keys = keys;
        this.format = format;
        this.heapBound = heapBound;
    }

    @Override
    public WindowStore<K, A> windows(List<StoredControl> stored) {
        Set<Long> openEnds = new HashSet<>();
        stored.forEach(entry -> entry.openWindow().ifPresent(openEnds::add));
        windows = new StreamsWindowStore<>(store, keys, format, heapBound, openEnds);
        return windows;
    }

    @Override
    public SessionStore<K, A> sessions() {
        return new StreamsSessionStore<>(store, keys, new SessionFormat<>(format));
    }

    /** A record's turn is over. */
    void settle() {
        if (windows != null) {
            windows.settle();
        }
    }
}
