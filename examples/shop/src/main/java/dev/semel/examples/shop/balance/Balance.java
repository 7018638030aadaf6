package dev.semel.examples.shop.balance;

import dev.semel.core.event.EventId;
import dev.semel.examples.shop.balance.InventoryModel.Lines;
import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.balance.Ledger.Letter;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
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
 * @param inputs how many records were sent
 * @param handled the events among them for which the order service has sent commands, by what they are
 * @param lines what the inventory answered
 * @param orderLetters the order service's dead letters, by failure class
 * @param inventoryLetters the inventory service's
 * @param duplicates how many committed records have the identity of an earlier one in their topic
 * @param products the units of each product, by name
 * @param differences all that is not as it should be
 */
public record Balance(
        int inputs,
        Handled handled,
        Lines lines,
        SortedMap<String, Long> orderLetters,
        SortedMap<String, Long> inventoryLetters,
        long duplicates,
        List<ProductAccount> products,
        List<Difference> differences) {

    /**
     * How many events of each kind.
     *
     * @param placed orders
     * @param cancelled cancellations
     * @param arrived deliveries
     */
    public record Handled(long placed, long cancelled, long arrived) {}

    /** Compares what was sent with what the topics hold. */
    public static Balance of(List<Sent> sent, Ledger ledger, InventoryModel model, InjectedFailures failures) {
        var differences = new ArrayList<>(ledger.unreadable());
        new OrdersCheck(ledger, differences::add).check(sent);
        new ReservationsCheck(ledger, failures, differences::add).check();
        new StockCheck(differences::add).check(ledger.events(), model.products());
        long duplicates = duplicates(ledger.orders(), differences)
                + duplicates(ledger.commands(), differences)
                + duplicates(ledger.events(), differences);
        return new Balance(
                sent.size(),
                handled(ledger),
                model.lines(),
                byClass(ledger.orderLetters()),
                byClass(ledger.inventoryLetters()),
                duplicates,
                model.products(),
                List.copyOf(differences));
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

    private static SortedMap<String, Long> byClass(List<Letter> letters) {
        Function<Letter, String> name = letter -> letter.failureClass().name();
        return letters.stream().collect(Collectors.groupingBy(name, TreeMap::new, Collectors.counting()));
    }
}
