package dev.semel.windowing.sequence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where keys and what waits for them are kept: on the heap, or in a store that survives. It has three parts: the progress of each key,
 * the events that wait, by key and number, and the times at which gaps are over.
 *
 * <p>Nothing that the engine does needs all keys, or all that waits for one, at once.
 *
 * <p>Threading: called by the engine's thread only.
 *
 * @param <K> keys
 * @param <E> events
 */
public interface SequenceStore<K, E> {

    /** How far a key has come; null if it has never been seen. */
    @Nullable KeyProgress progress(K key);

    /** Keeps how far a key has come. */
    void putProgress(K key, KeyProgress progress);

    /** Keeps an event. No event of this number waits for the key. */
    void put(K key, Waiting<E> event);

    /** Whether an event of this number waits. */
    boolean contains(K key, long number);

    /**
     * Reads what waits for a key.
     *
     * @param from nothing with a lower number waits; what has gone out leaves gravestones there, which a store can pass over
     * @param most how many, at most; a store may give fewer, but at least one if there is one
     * @return by their numbers, from the least
     */
    List<Waiting<E>> lowest(K key, long from, int most);

    /** Drops an event that waits. */
    void remove(K key, long number);

    /** Keeps that a gap of a key is over at a time. */
    void putDue(long dueMillis, K key);

    /** Drops that it is. */
    void removeDue(long dueMillis, K key);

    /**
     * Reads whose gaps are over first.
     *
     * @param fromMillis no gap is over before this
     * @param most how many, at most; a store may give fewer, but at least one if there is one
     * @return by their times, the earliest first
     */
    List<Due<K>> firstDue(long fromMillis, int most);

    /**
     * A gap that is over at a time.
     *
     * @param millis by the clock of gaps
     * @param key whose gap it is
     * @param <K> keys
     */
    record Due<K>(long millis, K key) {}
}
