package dev.semel.windowing.state;

/**
 * Takes events in the order in which they are to go out.
 *
 * @param <E> events
 */
@FunctionalInterface
public interface SortedSink<E> {

    /**
     * The next event. What this throws comes out of the engine's method, whose state is then to be thrown away and restored.
     *
     * @param timestamp the event's time
     */
    void event(long timestamp, E event);
}
