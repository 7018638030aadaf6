package dev.semel.core.event;

import java.util.Objects;

/**
 * The identity of an event, as CloudEvents defines it: the id is unique within its source, so both together name the event.
 * An event that is sent twice keeps its identity.
 *
 * @param source the context in which the event happened, for example {@code order-service}
 * @param id the event's id in that source
 */
public record EventId(String source, String id) {

    public EventId {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(id, "id");
        if (source.isEmpty() || id.isEmpty()) {
            throw new IllegalArgumentException(
                    "source and id of an event must not be empty: '" + source + "', '" + id + "'");
        }
    }

    @Override
    public String toString() {
        return source + "/" + id;
    }
}
