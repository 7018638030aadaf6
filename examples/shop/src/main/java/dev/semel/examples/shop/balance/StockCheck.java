package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.InventoryEvent.StockReceived;
import dev.semel.examples.shop.event.InventoryEvent.StockRejected;
import dev.semel.examples.shop.event.InventoryEvent.StockReleased;
import dev.semel.examples.shop.event.InventoryEvent.StockReserved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The stock itself: walks along the events of each product, and counts. A level that does not follow from the one
 * before, a rejection of what was there, or a release of what was not set aside shows that the service once decided
 * with a wrong memory.
 */
final class StockCheck {

    private final Consumer<Difference> differences;
    private final Map<String, Long> levels = new HashMap<>();
    private final Map<String, Long> held = new HashMap<>();

    StockCheck(Consumer<Difference> differences) {
        this.differences = differences;
    }

    void check(List<Entry<InventoryEvent>> events, List<ProductAccount> accounts) {
        events.forEach(this::check);
        for (ProductAccount account : accounts) {
            if (account.left() != account.level()) {
                differences.accept(new Difference(
                        "product " + account.product(),
                        account.left() + " units left (" + account.received() + " received - " + account.reserved()
                                + " reserved + " + account.released() + " released)",
                        account.level() + " as the last level that the inventory stated"));
            }
        }
    }

    private void check(Entry<InventoryEvent> entry) {
        InventoryEvent event = entry.value();
        long before = levels.getOrDefault(event.product(), 0L);
        long level = before + change(entry, before);
        if (event.level() != level) {
            differ(entry, "level " + level + " after " + before, "level " + event.level());
        }
        if (event.level() < 0) {
            differ(entry, "a level of 0 or more", "level " + event.level());
        }
        // Goes on from what was stated, so that one mistake is told once.
        levels.put(event.product(), event.level());
    }

    private long change(Entry<InventoryEvent> entry, long before) {
        InventoryEvent event = entry.value();
        if (event instanceof StockReceived) {
            return event.quantity();
        }
        if (event instanceof StockReserved reserved) {
            held.merge(reserved.orderId() + "\n" + reserved.product(), reserved.quantity(), Long::sum);
            return -event.quantity();
        }
        if (event instanceof StockReleased released) {
            long holding = held.getOrDefault(released.orderId() + "\n" + released.product(), 0L);
            held.remove(released.orderId() + "\n" + released.product());
            if (released.quantity() != holding) {
                differ(entry, "a release of the " + holding + " units that are held", "of " + released.quantity());
            }
            return event.quantity();
        }
        if (event instanceof StockRejected && event.quantity() <= before) {
            differ(entry, "units set aside, since " + before + " are in stock", "a rejection of " + event.quantity());
        }
        return 0;
    }

    private void differ(Entry<InventoryEvent> entry, String expected, String found) {
        differences.accept(
                new Difference("product " + entry.value().product() + " at " + entry.position(), expected, found));
    }
}
