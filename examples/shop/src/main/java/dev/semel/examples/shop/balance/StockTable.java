package dev.semel.examples.shop.balance;

import java.util.Map;

/**
 * What the inventory's tables say.
 *
 * @param shelves by product
 * @param reserved how many units are set aside
 */
public record StockTable(Map<String, Shelf> shelves, Map<Holding, Long> reserved) {

    /**
     * A product's row.
     *
     * @param level units in stock
     * @param version how often that was changed
     */
    public record Shelf(long level, long version) {}

    /**
     * What is set aside: of which product, for which order.
     *
     * @param product the product
     * @param orderId the order
     */
    public record Holding(String product, String orderId) implements Comparable<Holding> {

        @Override
        public int compareTo(Holding other) {
            int byProduct = product.compareTo(other.product);
            return byProduct == 0 ? orderId.compareTo(other.orderId) : byProduct;
        }

        @Override
        public String toString() {
            return product + " for " + orderId;
        }
    }

    public StockTable {
        shelves = Map.copyOf(shelves);
        reserved = Map.copyOf(reserved);
    }

    /** Units in stock; 0 of a product that never came. */
    public long level(String product) {
        return shelves.getOrDefault(product, new Shelf(0, 0)).level();
    }

    /** Units in stock, of all products together. */
    public long total() {
        return shelves.values().stream().mapToLong(Shelf::level).sum();
    }
}
