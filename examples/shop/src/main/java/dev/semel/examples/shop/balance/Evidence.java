package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.mail.MailLog;
import java.util.List;

/**
 * All that is known of a run at its end, each piece from where it cannot be talked out of.
 *
 * @param sent what was sent, and where the broker said that it lies
 * @param ledger what the topics hold
 * @param model the inventory, as its events tell it
 * @param stock the inventory, as the database holds it
 * @param mails what the mail server did
 * @param redrive what was done about dead letters in the end, as the services answered
 * @param duplicatesCounted how many payments the payment service says that it has passed over, not counting those that waited behind
 *     a letter
 */
public record Evidence(
        List<Sent> sent,
        Ledger ledger,
        InventoryModel model,
        StockTable stock,
        MailLog mails,
        Redrive redrive,
        long duplicatesCounted) {}
