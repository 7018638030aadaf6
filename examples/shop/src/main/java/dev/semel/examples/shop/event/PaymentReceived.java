package dev.semel.examples.shop.event;

import dev.semel.core.event.JsonEvents;

/**
 * What the payment service says of a payment, once, however often it was told of it: the topic {@code receipts}, keyed
 * by order.
 *
 * @param paymentId the payment
 * @param orderId the order that it is for
 * @param cents how much
 */
public record PaymentReceived(String paymentId, String orderId, long cents) {

    /** How these events are read. */
    public static final JsonEvents<String, PaymentReceived> JSON = JsonEvents.of(PaymentReceived.class);
}
