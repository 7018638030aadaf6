package dev.semel.windowing.sequence;

/**
 * Takes what goes out. What a method throws comes out of the engine's method, whose state is then to be thrown away and restored.
 *
 * @param <K> keys
 * @param <E> events
 */
public interface SequenceSink<K, E> {

    /** The next event of a key: its number is greater than that of any before. */
    void next(K key, long number, E event);

    /**
     * An event that waited behind a gap which has not closed. Those of a key come in the order of their numbers.
     *
     * @param expected the first missing number
     * @param reason which bound was over
     */
    void gap(K key, long number, E event, long expected, GapReason reason);
}
