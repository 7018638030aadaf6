package dev.semel.examples.shop.input;

import dev.semel.core.event.EventId;

/**
 * One record to send to the topic {@code orders}.
 *
 * @param number its place in the run's input, from 1
 * @param id the identity of its event
 * @param key its key: the order or delivery that it is about, where that can be read
 * @param value its value, whatever that is
 */
public record Input(int number, EventId id, String key, byte[] value) {}
