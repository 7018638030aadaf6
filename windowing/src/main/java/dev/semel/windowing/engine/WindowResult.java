package dev.semel.windowing.engine;

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
 * @param <K> keys
 * @param <A> accumulators
 */
public record WindowResult<K, A>(Window window, K key, A accumulator, ResultKind kind, int index, long timestamp) {}
