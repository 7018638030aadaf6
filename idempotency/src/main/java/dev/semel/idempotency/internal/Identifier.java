package dev.semel.idempotency.internal;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventId;
import org.apache.kafka.common.Uuid;

/** Tells by what identity an event is known. Thread-safe. */
@FunctionalInterface
public interface Identifier {

    /**
     * The identity of an event.
     *
     * @param topicId of the topic that it was read from
     * @throws Exception where it has none and must have one, or what the user's code throws
     */
    EventId identify(Event<?, ?> event, Uuid topicId) throws Exception;
}
