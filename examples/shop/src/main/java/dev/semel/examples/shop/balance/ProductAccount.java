package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.InventoryEvent.StockReceived;
import dev.semel.examples.shop.event.InventoryEvent.StockReleased;
import dev.semel.examples.shop.event.InventoryEvent.StockReserved;

/**
 * The units of a product, or of several.
 *
 * @param product names it
 * @param received units that were delivered
 * @param reserved units that were set aside for orders
 * @param released units that went back into stock
 * @param level units in stock, as the inventory last said
 */
public record ProductAccount(String product, long received, long reserved, long released, long level) {

    static ProductAccount empty(String product) {
        return new ProductAccount(product, 0, 0, 0, 0);
    }

    ProductAccount after(InventoryEvent event) {
        long quantity = event.quantity();
        return new ProductAccount(
                product,
                received + (event instanceof StockReceived ? quantity : 0),
                reserved + (event instanceof StockReserved ? quantity : 0),
                released + (event instanceof StockReleased ? quantity : 0),
                event.level());
    }

    /** Both together, under this name. */
    ProductAccount plus(ProductAccount other) {
        return new ProductAccount(
                product,
                received + other.received,
                reserved + other.reserved,
                released + other.released,
                level + other.level);
    }

    /** Units that left with customers. */
    public long out() {
        return reserved - released;
    }

    /** Units that must be left. */
    public long left() {
        return received - out();
    }
}
