package dev.semel.core.event;

import org.jspecify.annotations.Nullable;

/**
 * An event in a batch.
 *
 * @param event what happened
 * @param context through which results of this event are sent
 * @param <K> the type of the event's key
 * @param <V> the type of the event's value
 */
public record BatchItem<K extends @Nullable Object, V extends @Nullable Object>(
        Event<K, V> event, EventContext context) {}
