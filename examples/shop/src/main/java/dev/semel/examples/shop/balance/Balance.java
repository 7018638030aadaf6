package dev.semel.examples.shop.balance;

import dev.semel.core.event.EventId;
import dev.semel.examples.shop.balance.InventoryModel.Lines;
import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.balance.Ledger.Letter;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.service.InjectedFailures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a run came to.
 *
 * @param inputs how many records of orders were sent
 * @param handled the events among them for which the order service has sent commands, by what they are
 * @param lines what the inventory answered
 * @param payments what came of the records of payments
 * @param mails what came of that
 * @param letters the dead letters of each service
 * @param duplicates how many committed records have the identity of an earlier one in their topic
 * @param products the units of each product, by name
 * @param stock what is in the database
 * @param differences all that is not as it should be
 */
public record Balance(
        int inputs,
        Handled handled,
        Lines lines,
        Payments payments,
        Mails mails,
        List<ServiceLetters> letters,
        long duplicates,
        List<ProductAccount> products,
        StockTable stock,
        List<Difference> differences) {

    /**
     * How many events of each kind.
     *
     * @param placed orders
     * @param cancelled cancellations
     * @param arrived deliveries
     */
    public record Handled(long placed, long cancelled, long arrived) {}

    /**
     * What came of payments.
     *
     * @param sent records that tell of one
     * @param received receipts
     * @param duplicates records of a payment that another record told of
     * @param cents the money received
     */
    public record Payments(long sent, long received, long duplicates, long cents) {}

    /**
     * What came of receipts.
     *
     * @param delivered e-mails that went out
     * @param confirmed receipts that were confirmed with one
     * @param refusals requests that the mail server refused for a while
     * @param repetitions requests for an e-mail that had gone out
     */
    public record Mails(long delivered, long confirmed, long refusals, long repetitions) {}

    /**
     * The dead letters of a service.
     *
     * @param service its name
     * @param byClass how many, by failure class
     * @param redriven how many of them were handled in the end
     * @param discarded how many of them were given up
     */
    public record ServiceLetters(String service, SortedMap<String, Long> byClass, long redriven, long discarded) {

        static ServiceLetters of(String service, List<Letter> letters, Redrive redrive) {
            Function<Letter, String> name = letter -> letter.failureClass().name();
            return new ServiceLetters(
                    service,
                    letters.stream().collect(Collectors.groupingBy(name, TreeMap::new, Collectors.counting())),
                    letters.stream()
                            .filter(letter -> redrive.redriven().contains(letter.id()))
                            .count(),
                    letters.stream()
                            .filter(letter -> redrive.discarded().containsKey(letter.id()))
                            .count());
        }

        public long total() {
            return byClass.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Compares what was sent with what there is. */
    public static Balance of(Evidence evidence, InjectedFailures failures) {
        Ledger ledger = evidence.ledger();
        var differences = new ArrayList<>(ledger.unreadable());
        Redrive redrive = evidence.redrive();
        redrive.left()
                .forEach(letter -> differences.add(
                        new Difference("dead letters", "none that is neither handled nor discarded", letter)));
        new OrdersCheck(ledger, failures, redrive, differences::add).check(sent(evidence, Input.Kind.ORDER));
        new ReservationsCheck(ledger, failures, redrive, differences::add).check();
        new StockCheck(differences::add).check(ledger.events(), evidence.model().products());
        new StockTableCheck(evidence.stock(), differences::add).check(ledger.events());
        Payments payments = new PaymentsCheck(ledger, failures, redrive, differences::add)
                .check(sent(evidence, Input.Kind.PAYMENT), evidence.duplicatesCounted());
        Mails mails = new ConfirmationsCheck(ledger, evidence.mails(), redrive, differences::add).check();
        // Not of payments: these come again as they like.
        long duplicates = duplicates(ledger.orders(), differences)
                + duplicates(ledger.commands(), differences)
                + duplicates(ledger.events(), differences)
                + duplicates(ledger.receipts(), differences)
                + duplicates(ledger.confirmations(), differences);
        return new Balance(
                sent(evidence, Input.Kind.ORDER).size(),
                handled(ledger),
                evidence.model().lines(),
                payments,
                mails,
                List.of(
                        ServiceLetters.of("order", ledger.orderLetters(), redrive),
                        ServiceLetters.of("inventory", ledger.inventoryLetters(), redrive),
                        ServiceLetters.of("payment", ledger.paymentLetters(), redrive),
                        ServiceLetters.of("confirmation", ledger.confirmationLetters(), redrive)),
                duplicates,
                evidence.model().products(),
                evidence.stock(),
                List.copyOf(differences));
    }

    private static List<Sent> sent(Evidence evidence, Input.Kind kind) {
        return evidence.sent().stream()
                .filter(one -> one.input().kind() == kind)
                .toList();
    }

    public boolean isBalanced() {
        return differences.isEmpty();
    }

    /** All products together. */
    public ProductAccount total() {
        return products.stream().reduce(ProductAccount.empty("total"), ProductAccount::plus);
    }

    private static <T> long duplicates(List<Entry<T>> entries, List<Difference> differences) {
        Map<EventId, Entry<T>> first = new HashMap<>();
        long duplicates = 0;
        for (Entry<T> entry : entries) {
            var earlier = first.putIfAbsent(entry.id(), entry);
            if (earlier != null) {
                duplicates++;
                differences.add(new Difference(
                        "event " + entry.id(), "once, at " + earlier.position(), "again at " + entry.position()));
            }
        }
        return duplicates;
    }

    private static Handled handled(Ledger ledger) {
        return new Handled(
                inputs(ledger, ReserveStock.class),
                inputs(ledger, ReleaseStock.class),
                inputs(ledger, ReceiveStock.class));
    }

    private static long inputs(Ledger ledger, Class<? extends StockCommand> type) {
        return ledger.commands().stream()
                .filter(entry -> type.isInstance(entry.value()))
                .map(Entry::input)
                .distinct()
                .count();
    }
}
