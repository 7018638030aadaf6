package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.balance.Balance.Mails;
import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.event.PaymentConfirmed;
import dev.semel.examples.shop.mail.MailLog;
import dev.semel.examples.shop.mail.MailLog.Delivery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The confirmation service: one e-mail went out for each order that is paid, and each receipt of the order is confirmed
 * with that e-mail.
 */
final class ConfirmationsCheck {

    private final Ledger ledger;
    private final MailLog mails;
    private final Redrive redrive;
    private final Consumer<Difference> differences;

    ConfirmationsCheck(Ledger ledger, MailLog mails, Redrive redrive, Consumer<Difference> differences) {
        this.ledger = ledger;
        this.mails = mails;
        this.redrive = redrive;
        this.differences = differences;
    }

    Mails check() {
        checkLetters();
        Map<String, Delivery> mailOfOrder = checkMails();
        checkConfirmations(mailOfOrder);
        mails.misuses().forEach(misuse -> differ("mail server", "one mail under each key", "a request " + misuse));
        return new Mails(
                mails.deliveries().size(), ledger.confirmations().size(), mails.refusals(), mails.repetitions());
    }

    /** The service tries for as long as the mail server may refuse. */
    private void checkLetters() {
        var letters = new Letters(ledger.confirmationLetters(), redrive, differences);
        ledger.receipts()
                .forEach(receipt -> letters.expectNone(
                        "receipt of " + receipt.value().paymentId() + " at " + receipt.position(), receipt.position()));
        letters.expectNoMore();
    }

    private Map<String, Delivery> checkMails() {
        Map<String, List<Delivery>> delivered = mails.deliveries().stream()
                .collect(Collectors.groupingBy(
                        delivery -> delivery.mail().orderId(), TreeMap::new, Collectors.toList()));
        var mailOfOrder = new HashMap<String, Delivery>();
        ledger.receipts().stream()
                .map(receipt -> receipt.value().orderId())
                .distinct()
                .forEach(orderId -> {
                    @Nullable List<Delivery> found = delivered.remove(orderId);
                    if (found == null || found.size() != 1) {
                        differ("order " + orderId + ", paid", "one e-mail", found == null ? "none" : shown(found));
                    } else {
                        mailOfOrder.put(orderId, found.get(0));
                    }
                });
        delivered.forEach((orderId, left) -> differ("order " + orderId + ", not paid", "no e-mail", shown(left)));
        return mailOfOrder;
    }

    private void checkConfirmations(Map<String, Delivery> mailOfOrder) {
        Map<String, List<Entry<PaymentConfirmed>>> confirmations = ledger.confirmations().stream()
                .collect(Collectors.groupingBy(entry -> entry.value().paymentId(), TreeMap::new, Collectors.toList()));
        ledger.receipts().forEach(receipt -> {
            String paymentId = receipt.value().paymentId();
            String orderId = receipt.value().orderId();
            @Nullable Delivery mail = mailOfOrder.get(orderId);
            @Nullable List<Entry<PaymentConfirmed>> found = confirmations.remove(paymentId);
            if (mail == null) {
                // Told by then.
                return;
            }
            var expected = new PaymentConfirmed(paymentId, orderId, mail.mailId());
            if (found == null || found.size() != 1 || !found.get(0).value().equals(expected)) {
                differ("receipt of " + paymentId, "once " + expected, found == null ? "none" : shownEntries(found));
            }
        });
        confirmations.forEach((paymentId, left) ->
                differ("confirmation of " + paymentId, "none, since there is no receipt", shownEntries(left)));
    }

    private static String shown(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery -> delivery.mailId() + " under " + delivery.key())
                .collect(Collectors.joining(", "));
    }

    private static String shownEntries(List<Entry<PaymentConfirmed>> entries) {
        return entries.stream()
                .map(entry -> entry.value() + " at " + entry.position())
                .collect(Collectors.joining(", "));
    }

    private void differ(String subject, String expected, String found) {
        differences.accept(new Difference(subject, expected, found));
    }
}
