package dev.semel.core.participant;

import dev.semel.core.event.Event;
import dev.semel.core.event.RecordPosition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** A record, as participants see it. For the thread that was given it, during the call. */
public interface Subject {

    /** Where it was read. */
    RecordPosition position();

    /**
     * The event that was read from it; null only where it is given up and could not be read, or where the process has died of it and
     * reading it may have been why.
     */
    @Nullable Event<?, ?> event();

    /** Its bytes; not to be changed. */
    byte @Nullable [] key();

    /** Its bytes; not to be changed. */
    byte @Nullable [] value();

    /** Its headers, in their order; not to be changed. */
    Headers headers();

    /** Where it was handed in by a participant; null where it was read from the source. */
    @Nullable Redelivery redelivery();

    /** The record's timestamp, in milliseconds since 1970; -1 where it has none. */
    long timestamp();
}
