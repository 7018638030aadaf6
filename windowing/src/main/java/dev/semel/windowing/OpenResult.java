package dev.semel.windowing;

import dev.semel.windowing.engine.Window;

/**
 * What there is so far of one key in a window that is open.
 *
 * @param window that is open
 * @param key in it
 * @param value what has been computed so far
 * @param timestamp the largest event time in it
 * @param records how many records are in it
 * @param <K> the type of the keys
 * @param <A> the type of the results
 */
public record OpenResult<K, A>(Window window, K key, A value, long timestamp, long records) {}
