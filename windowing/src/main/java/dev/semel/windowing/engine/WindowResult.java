package dev.semel.windowing.engine;

import java.util.List;

/**
 * A result of one key in one window.
 *
 * @param window that it belongs to
 * @param key that it belongs to
 * @param accumulator what has been folded; of a window that is still open it is to be read before the sink returns, if the aggregate
 *     changes accumulators in place
 * @param kind what it is to the window
 * @param index of the pane among those of this key and window, from 0
 * @param timestamp the largest event time in it
 * @param replaced sessions whose results this one replaces, beside earlier ones of the same window: they have become one with it, or have
 *     grown into it; empty for windows of a size
 * @param <K> keys
 * @param <A> accumulators
 */
public record WindowResult<K, A>(
        Window window, K key, A accumulator, ResultKind kind, int index, long timestamp, List<Window> replaced) {

    /** Makes the list unchangeable. */
    public WindowResult {
        replaced = List.copyOf(replaced);
    }

    /** One that replaces no results of other windows. */
    public WindowResult(Window window, K key, A accumulator, ResultKind kind, int index, long timestamp) {
        this(window, key, accumulator, kind, index, timestamp, List.of());
    }
}
