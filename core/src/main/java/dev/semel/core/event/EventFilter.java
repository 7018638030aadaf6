package dev.semel.core.event;

import org.jspecify.annotations.Nullable;

/**
 * Tells the events that concern a processor from those that do not. What is not accepted is counted as skipped; its offset is
 * committed in its turn, and no handler runs.
 *
 * <p>Called on the lane of the event, by several lanes at once: implementations are thread-safe. An exception is a failure of
 * the event, as the handler's would be.
 *
 * @param <K> the type of the events' key
 * @param <V> the type of the events' value
 */
@FunctionalInterface
public interface EventFilter<K extends @Nullable Object, V extends @Nullable Object> {
    boolean accepts(Event<K, V> event) throws Exception;
}
