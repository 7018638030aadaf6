package dev.semel.windowing.engine;

/**
 * Takes results, in the order in which they are to go out: by the end of the window, then by the bytes of the key.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
@FunctionalInterface
public interface ResultSink<K, A> {

    /**
     * The next result. What this throws comes out of the engine's method, whose state is then to be thrown away and restored.
     */
    void result(WindowResult<K, A> result);
}
