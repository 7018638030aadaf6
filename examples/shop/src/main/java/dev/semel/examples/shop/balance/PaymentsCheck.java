package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.balance.Balance.Payments;
import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.event.PaymentReceived;
import dev.semel.examples.shop.service.InjectedFailures;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The payment service: each payment has one receipt, however often it was sent, and be it from a dead letter; receipts of
 * an order come in the order of its payments; and the money is that of the payments.
 */
final class PaymentsCheck {

    private final Ledger ledger;
    private final InjectedFailures failures;
    private final Consumer<Difference> differences;
    private final Letters letters;

    /** Orders with a letter: their later payments waited behind it, and were handled when the fault was fixed. */
    private final Set<String> blocked = new HashSet<>();

    PaymentsCheck(Ledger ledger, InjectedFailures failures, Redrive redrive, Consumer<Difference> differences) {
        this.ledger = ledger;
        this.failures = failures;
        this.differences = differences;
        this.letters = new Letters(ledger.paymentLetters(), redrive, differences);
    }

    /**
     * @param sent all records that tell of payments
     * @param duplicatesCounted how many of them the service says that it has passed over, not counting those that waited
     */
    Payments check(List<Sent> sent, long duplicatesCounted) {
        new InputsCheck(ledger.payments(), differences).check(sent);
        Set<PaymentReceived> due = new LinkedHashSet<>();
        long readable = 0;
        long passedOver = 0;
        List<Sent> inOrder = sent.stream()
                .sorted(Comparator.comparingLong(one -> one.position().offset()))
                .toList();
        for (Sent one : inOrder) {
            String key = one.input().key();
            boolean waits = blocked.contains(key);
            if (one.expected() instanceof Expected.Letter letter) {
                letters.expectDiscarded(one.subject(), one.position(), letter.failureClass());
                blocked.add(key);
            } else if (one.expected() instanceof Expected.Receipt receipt) {
                boolean isFirst = due.add(receipt.received());
                readable++;
                passedOver += isFirst || waits ? 0 : 1;
                if (isFirst && !waits && failures.isFatal(one.input().id())) {
                    letters.expectRedriven(one.subject(), one.position());
                    blocked.add(key);
                } else {
                    letters.expectNone(one.subject(), one.position());
                }
            }
        }
        letters.expectNoMore();
        checkReceipts(due);
        checkOrder(sent);
        checkMoney(due);
        if (passedOver != duplicatesCounted) {
            differ("payment-service", passedOver + " payments that came again", duplicatesCounted + " in its metrics");
        }
        return new Payments(sent.size(), ledger.receipts().size(), readable - due.size(), cents());
    }

    private void checkOrder(List<Sent> sent) {
        Map<Integer, Sent> byNumber =
                sent.stream().collect(Collectors.toMap(one -> one.input().number(), one -> one));
        var order = new KeyOrder(differences);
        for (Entry<PaymentReceived> receipt : ledger.receipts()) {
            @Nullable Sent cause = byNumber.get(receipt.input());
            if (cause != null) {
                order.take(cause.input().key(), receipt.position(), cause.position());
            }
        }
    }

    private void checkReceipts(Set<PaymentReceived> due) {
        Map<String, List<Entry<PaymentReceived>>> receipts = ledger.receipts().stream()
                .collect(Collectors.groupingBy(entry -> entry.value().paymentId(), TreeMap::new, Collectors.toList()));
        for (PaymentReceived receipt : due) {
            @Nullable List<Entry<PaymentReceived>> found = receipts.remove(receipt.paymentId());
            if (found == null || found.size() != 1 || !found.get(0).value().equals(receipt)) {
                differ(receipt.paymentId(), "once " + receipt, found == null ? "none" : shown(found));
            }
        }
        receipts.forEach((paymentId, left) -> differ(paymentId, "no such receipt", shown(left)));
    }

    private void checkMoney(Set<PaymentReceived> due) {
        long paid = due.stream().mapToLong(PaymentReceived::cents).sum();
        if (paid != cents()) {
            differ("money", paid + " cents, the sum of all payments", cents() + " cents received");
        }
    }

    private long cents() {
        return ledger.receipts().stream()
                .mapToLong(entry -> entry.value().cents())
                .sum();
    }

    private static String shown(List<Entry<PaymentReceived>> entries) {
        return entries.stream()
                .map(entry -> entry.value() + " at " + entry.position())
                .collect(Collectors.joining(", "));
    }

    private void differ(String subject, String expected, String found) {
        differences.accept(new Difference(subject, expected, found));
    }
}
