package dev.semel.idempotency;

import dev.semel.core.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * Tells by what name an event is known to be the same as another, in place of its source and id. Called by several threads at once;
 * must say the same each time.
 *
 * @param <K> the type of the event's key
 * @param <V> the type of its value
 */
@FunctionalInterface
public interface KeyExtractor<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * The name of an event, of any length.
     *
     * @return null or empty where it has none: {@link MissingId} then says what to do
     * @throws Exception fails the attempt, and is decided on like a handler's
     */
    @Nullable String key(Event<K, V> event) throws Exception;
}
