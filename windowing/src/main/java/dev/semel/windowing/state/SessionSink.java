package dev.semel.windowing.state;

/**
 * Takes sessions, one after the other.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
@FunctionalInterface
public interface SessionSink<K, A> {

    /** The next session, in the order of ends, then of the keys' bytes, then of starts. */
    void session(K key, SessionEntry<A> entry);
}
