package dev.semel.windowing.state;

/**
 * Takes the entries of a window, one after the other.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
@FunctionalInterface
public interface EntrySink<K, A> {

    /** The next entry, in the order of the keys' bytes. */
    void entry(K key, WindowEntry<A> entry);
}
