package dev.semel.core.event;

import org.jspecify.annotations.Nullable;

/**
 * Handles one event: the user's code.
 *
 * <p>Threading: called by several threads at once, for records of different keys (or as {@code ProcessingOrder} says); records of a
 * key come one after the other, in the order of their offsets. What calls share must be thread-safe.
 *
 * <p>Errors: an {@link Exception} fails the attempt, drops what it sent, and is decided on by the failure policy. An
 * {@link Error} stops the processor. An effect outside Kafka is repeated when the record is: make it idempotent.
 *
 * @param <K> the type of the key
 * @param <V> the type of the value
 */
@FunctionalInterface
public interface EventHandler<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * @param event what happened
     * @param context through which results are sent; of no use after this call
     */
    void handle(Event<K, V> event, EventContext context) throws Exception;
}
