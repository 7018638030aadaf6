package dev.semel.dlq.internal.provenance;

import dev.semel.core.event.RecordPosition;

/** Checks the places that headers name. */
final class Origins {

    private Origins() {}

    /** @throws IllegalArgumentException where there can be no such place, naming it */
    static RecordPosition of(String topic, long partition, long offset) {
        if (topic.isEmpty() || partition < 0 || partition > Integer.MAX_VALUE || offset < 0) {
            throw new IllegalArgumentException("the letter's headers name an origin that cannot be: topic '" + topic
                    + "', partition " + partition + ", offset " + offset);
        }
        return new RecordPosition(topic, (int) partition, offset);
    }
}
