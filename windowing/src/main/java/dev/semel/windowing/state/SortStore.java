package dev.semel.windowing.state;

/**
 * Where events wait until their time has come: on the heap, or in a store that survives. In a store of bytes the key is the time of the
 * event, big-endian with its sign flipped, and behind it the number of its arrival, big-endian, so that what is due is one range, in the
 * order in which it goes out.
 *
 * <p>Nothing that the sorter does needs all that waits at once: it asks for the first time, or for the next few events.
 *
 * <p>Threading: called by the engine's thread only.
 *
 * @param <E> events
 */
public interface SortStore<E> {

    /**
     * Keeps an event.
     *
     * @param arrival greater than that of each event before
     */
    void put(long timestamp, long arrival, E event);

    /**
     * Hands out events by their times, and those of one time by their arrival, and removes them.
     *
     * @param before only events of earlier times
     * @param max how many, at most
     */
    void drain(long before, int max, SortedSink<E> sink);

    /** The earliest time of an event that waits; {@link Long#MAX_VALUE} if none does, which is the time of no event. */
    long first();

    /** About how many bytes wait. */
    long bytes();
}
