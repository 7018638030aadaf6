package dev.semel.examples.shop.event;

import dev.semel.core.event.JsonEvents;

/**
 * The customer has the e-mail that confirms the order of a payment: the topic {@code confirmations}, keyed by order,
 * one for each {@link PaymentReceived}.
 *
 * @param paymentId the payment
 * @param orderId the order
 * @param mailId the order's one e-mail, as the mail server named it
 */
public record PaymentConfirmed(String paymentId, String orderId, String mailId) {

    /** How these events are read. */
    public static final JsonEvents<String, PaymentConfirmed> JSON = JsonEvents.of(PaymentConfirmed.class);
}
