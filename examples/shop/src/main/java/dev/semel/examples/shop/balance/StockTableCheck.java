package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.balance.StockTable.Holding;
import dev.semel.examples.shop.balance.StockTable.Shelf;
import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.InventoryEvent.StockReceived;
import dev.semel.examples.shop.event.InventoryEvent.StockReleased;
import dev.semel.examples.shop.event.InventoryEvent.StockReserved;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The database: what its tables hold is what the events in Kafka come to. Levels alone could agree by chance, where an
 * effect came twice and another not at all; so each event that changes a level must also be one version.
 */
final class StockTableCheck {

    private final StockTable table;
    private final Consumer<Difference> differences;
    private final Map<String, Shelf> shelves = new TreeMap<>();
    private final Map<Holding, Long> reserved = new TreeMap<>();

    StockTableCheck(StockTable table, Consumer<Difference> differences) {
        this.table = table;
        this.differences = differences;
    }

    void check(List<Entry<InventoryEvent>> events) {
        events.forEach(entry -> take(entry.value()));
        Shelf none = new Shelf(0, 0);
        for (String product : keys(shelves, table.shelves())) {
            Shelf expected = shelves.getOrDefault(product, none);
            Shelf found = table.shelves().getOrDefault(product, none);
            compare("stock of " + product + " in the database", "level", expected.level(), found.level());
            compare("stock of " + product + " in the database", "version", expected.version(), found.version());
        }
        for (Holding holding : keys(reserved, table.reserved())) {
            compare(
                    "reserved of " + holding + " in the database",
                    "quantity",
                    reserved.getOrDefault(holding, 0L),
                    table.reserved().getOrDefault(holding, 0L));
        }
    }

    private void take(InventoryEvent event) {
        if (event instanceof StockReceived) {
            change(event.product(), event.quantity());
        } else if (event instanceof StockReserved set) {
            change(event.product(), -event.quantity());
            reserved.merge(new Holding(set.product(), set.orderId()), set.quantity(), Long::sum);
        } else if (event instanceof StockReleased back) {
            change(event.product(), event.quantity());
            reserved.remove(new Holding(back.product(), back.orderId()));
        }
    }

    private void change(String product, long units) {
        if (units != 0) {
            shelves.merge(
                    product,
                    new Shelf(units, 1),
                    (before, first) -> new Shelf(before.level() + units, before.version() + 1));
        }
    }

    private static <K> Set<K> keys(Map<K, ?> expected, Map<K, ?> found) {
        var keys = new TreeSet<K>(expected.keySet());
        keys.addAll(found.keySet());
        return keys;
    }

    private void compare(String subject, String what, long expected, long found) {
        if (expected != found) {
            differences.accept(
                    new Difference(subject, what + " " + expected + ", as the events come to", what + " " + found));
        }
    }
}
