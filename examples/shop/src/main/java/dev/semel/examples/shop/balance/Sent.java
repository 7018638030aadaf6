package dev.semel.examples.shop.balance;

import dev.semel.core.event.RecordPosition;
import dev.semel.examples.shop.input.Input;

/**
 * An input that was sent.
 *
 * @param input the input
 * @param expected what has to become of it
 * @param position where the broker said that it lies
 */
public record Sent(Input input, Expected expected, RecordPosition position) {

    /** For messages. */
    String subject() {
        return "input " + input.number() + " (" + input.key() + ") at " + position;
    }
}
