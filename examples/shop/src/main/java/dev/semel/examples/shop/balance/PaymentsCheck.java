package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.balance.Balance.Payments;
import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.event.PaymentReceived;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The payment service: each payment has one receipt, however often it was sent, or each of its records is a dead
 * letter; and the money is that of the payments.
 */
final class PaymentsCheck {

    private final Ledger ledger;
    private final Consumer<Difference> differences;
    private final Letters letters;

    PaymentsCheck(Ledger ledger, Consumer<Difference> differences) {
        this.ledger = ledger;
        this.differences = differences;
        this.letters = new Letters(ledger.paymentLetters(), differences);
    }

    /**
     * @param sent all records that tell of payments
     * @param duplicatesCounted how many of them the service says that it has passed over
     */
    Payments check(List<Sent> sent, long duplicatesCounted) {
        new InputsCheck(ledger.payments(), differences).check(sent);
        Set<PaymentReceived> due = new LinkedHashSet<>();
        long toBeHandled = 0;
        for (Sent one : sent) {
            if (one.expected() instanceof Expected.Letter letter) {
                letters.expectOne(one.subject(), one.position(), letter.failureClass());
            } else if (one.expected() instanceof Expected.Receipt receipt) {
                letters.expectNone(one.subject(), one.position());
                due.add(receipt.received());
                toBeHandled++;
            }
        }
        letters.expectNoMore();
        checkReceipts(due);
        checkMoney(due);
        long duplicates = toBeHandled - due.size();
        if (duplicates != duplicatesCounted) {
            differ("payment-service", duplicates + " payments that came again", duplicatesCounted + " in its metrics");
        }
        return new Payments(sent.size(), ledger.receipts().size(), duplicates, cents());
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
