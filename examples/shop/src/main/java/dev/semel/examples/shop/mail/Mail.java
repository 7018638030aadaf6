package dev.semel.examples.shop.mail;

/**
 * An e-mail, as the mail server takes it: in JSON.
 *
 * @param orderId the order that it is about
 * @param paymentId the payment that it thanks for
 * @param text what it says
 */
public record Mail(String orderId, String paymentId, String text) {}
