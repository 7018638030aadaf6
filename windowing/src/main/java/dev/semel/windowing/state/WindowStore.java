package dev.semel.windowing.state;

import org.jspecify.annotations.Nullable;

/**
 * Where the accumulators of aligned windows are kept: on the heap, or in a store that survives. A window is named by its end. In a
 * store of bytes the key is the end, big-endian with its sign flipped, and behind it the bytes of the user's key, so that a window is
 * one range, in the order in which results go out.
 *
 * <p>Nothing that the engine does needs all open state at once: it asks for one entry, or for the next few of one window.
 *
 * <p>Threading: called by the engine's thread only.
 *
 * @param <K> keys
 * @param <A> accumulators
 */
public interface WindowStore<K, A> {

    /**
     * The entry of a key in a window, which the engine may change and then {@linkplain #put puts} back.
     *
     * @return null where there is none
     */
    @Nullable WindowEntry<A> get(long end, K key);

    /** An entry with its first contribution, for {@link #add}. A store may give a subclass, which holds what it needs. */
    default WindowEntry<A> entry(K key, A accumulator, long timestamp) {
        return new WindowEntry<>(accumulator, timestamp);
    }

    /** Keeps a new entry, where there was none. */
    default void add(long end, K key, WindowEntry<A> entry) {
        put(end, key, entry);
    }

    /** Keeps what an entry has become that {@link #get} or {@link #scan} has given for this window and key. */
    void put(long end, K key, WindowEntry<A> entry);

    /**
     * Says that the accumulator that {@link #get} gave last for this window and key may be half changed, since an aggregate has failed
     * on it. It is not put back. A store of bytes drops what it holds of it on the heap, so that the next {@code get} reads the bytes
     * again. One that keeps nothing but objects has no second copy: see {@link HeapWindowStore}.
     */
    void reread(long end, K key);

    /**
     * Hands out the entries of a window in the order of the keys' bytes and removes them, at most so many.
     *
     * @return whether nothing is left of the window, and all that belonged to it is freed
     */
    boolean drain(long end, int max, EntrySink<K, A> sink);

    /**
     * Hands out the entries of a window in the order of the keys' bytes, at most so many. The sink may {@link #put} what it is given.
     *
     * @param after the bytes of a key, beyond which to begin; null to begin with the first
     * @return the bytes of the last key handed out, or null if the window has none beyond
     */
    byte @Nullable [] scan(long end, byte @Nullable [] after, int max, EntrySink<K, A> sink);

    /** Whether there is no entry of any window. Asked once, at the beginning. */
    boolean isEmpty();

    /** About how many bytes the open state takes. */
    long bytes();
}
