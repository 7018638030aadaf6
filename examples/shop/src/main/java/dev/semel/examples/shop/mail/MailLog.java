package dev.semel.examples.shop.mail;

import java.util.List;

/**
 * What a mail server did.
 *
 * @param deliveries the mails that went out
 * @param refusals how often it answered that it could not, for now
 * @param misuses requests that used a key again for another mail: the key and the mail that did not go out
 */
public record MailLog(List<Delivery> deliveries, long refusals, List<String> misuses) {

    /**
     * A mail that went out.
     *
     * @param key the idempotency key under which it was asked for
     * @param mail the mail
     * @param mailId the server's name for it
     * @param repetitions how often it was asked for again, in vain
     */
    public record Delivery(String key, Mail mail, String mailId, int repetitions) {}

    /** How often a mail was asked for again that had gone out. */
    public long repetitions() {
        return deliveries.stream().mapToLong(Delivery::repetitions).sum();
    }
}
