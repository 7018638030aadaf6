package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.InventoryEvent.StockReceived;
import dev.semel.examples.shop.event.InventoryEvent.StockRejected;
import dev.semel.examples.shop.event.InventoryEvent.StockReleased;
import dev.semel.examples.shop.event.InventoryEvent.StockReserved;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A read model of the inventory, built from its committed events as they come. Thread-safe. */
public final class InventoryModel {

    private final Map<String, ProductAccount> products = new TreeMap<>();
    private Lines lines = new Lines(0, 0, 0, 0);

    /**
     * How many lines had which answer.
     *
     * @param received of deliveries
     * @param reserved of orders
     * @param rejected of orders, for lack of stock
     * @param released of cancellations
     */
    public record Lines(long received, long reserved, long rejected, long released) {

        /** All of them. */
        public long all() {
            return received + reserved + rejected + released;
        }

        private Lines after(InventoryEvent event) {
            return new Lines(
                    received + (event instanceof StockReceived ? 1 : 0),
                    reserved + (event instanceof StockReserved ? 1 : 0),
                    rejected + (event instanceof StockRejected ? 1 : 0),
                    released + (event instanceof StockReleased ? 1 : 0));
        }
    }

    public synchronized void add(InventoryEvent event) {
        products.merge(
                event.product(),
                ProductAccount.empty(event.product()).after(event),
                (account, first) -> account.after(event));
        lines = lines.after(event);
    }

    public synchronized Lines lines() {
        return lines;
    }

    /** By name. */
    public synchronized List<ProductAccount> products() {
        return List.copyOf(products.values());
    }
}
