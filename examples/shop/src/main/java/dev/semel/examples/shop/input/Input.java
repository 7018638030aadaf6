package dev.semel.examples.shop.input;

import dev.semel.core.event.EventId;

/**
 * One record to send.
 *
 * @param number tells it from all other inputs of the run; for orders their place among the orders, from 1
 * @param kind to which topic it is sent
 * @param id the identity of its event
 * @param key its key: the order or delivery that it is about, where that can be read
 * @param value its value, whatever that is
 */
public record Input(int number, Kind kind, EventId id, String key, byte[] value) {

    /** The topics that are fed from outside. */
    public enum Kind {
        /** The topic {@code orders}. */
        ORDER,

        /** The topic {@code payments}. */
        PAYMENT
    }
}
