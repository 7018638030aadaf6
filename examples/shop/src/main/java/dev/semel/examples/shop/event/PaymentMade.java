package dev.semel.examples.shop.event;

import dev.semel.core.event.JsonEvents;

/**
 * A customer pays for an order, or for a part of it: the topic {@code payments}, keyed by order. It comes from outside,
 * from a payment provider that would rather send an event again than lose it.
 *
 * @param paymentId names the payment; it is also the id of the event
 * @param orderId the order
 * @param cents how much
 */
public record PaymentMade(String paymentId, String orderId, long cents) {

    /** How these events are read. */
    public static final JsonEvents<String, PaymentMade> JSON = JsonEvents.of(PaymentMade.class);

    public PaymentMade {
        Rules.name("paymentId", paymentId);
        Rules.name("orderId", orderId);
        Rules.cents(cents);
    }
}
