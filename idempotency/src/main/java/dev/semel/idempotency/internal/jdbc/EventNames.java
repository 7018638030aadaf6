package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventId;
import org.apache.kafka.common.Uuid;

/** By what events are told apart. Thread-safe. */
public interface EventNames {

    /**
     * The identity of an event.
     *
     * @param topicId of the topic that it was read from
     * @throws Exception where it has none and must have one, or what the user's code throws
     */
    EventId identify(Event<?, ?> event, Uuid topicId) throws Exception;

    /** Whether the payloads of two records of an event are compared. */
    boolean comparesPayloads();
}
