package dev.semel.examples.shop.event;

import java.util.List;

/**
 * The names of one run's topics and groups. On a broker of its own a run needs nothing to tell it from others; on a
 * cluster that is shared, all its names carry the run's.
 *
 * @param run names the run; empty on a broker of its own
 */
public record ShopNames(String run) {

    /** The partitions of every topic: with the same key, the same number everywhere. */
    public static final int PARTITIONS = 4;

    /**
     * A header with the number of the input that all this follows from; services pass it on, as any business header.
     */
    public static final String INPUT_HEADER = "shop_input";

    public String orders() {
        return prefix() + ".orders";
    }

    public String reservations() {
        return prefix() + ".reservations";
    }

    public String inventory() {
        return prefix() + ".inventory";
    }

    public String orderLetters() {
        return orders() + ".order-service.dlq";
    }

    public String inventoryLetters() {
        return reservations() + ".inventory-service.dlq";
    }

    public String orderGroup() {
        return group("order-service");
    }

    public String inventoryGroup() {
        return group("inventory-service");
    }

    public List<String> topics() {
        return List.of(orders(), reservations(), inventory(), orderLetters(), inventoryLetters());
    }

    private String prefix() {
        return run.isEmpty() ? "shop" : "shop-" + run;
    }

    private String group(String service) {
        return run.isEmpty() ? service : service + "-" + run;
    }
}
