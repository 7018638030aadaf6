package dev.semel.examples.shop.event;

import java.util.List;

/**
 * The names of one run's topics and groups, and of its schema. On a broker and a database of its own a run needs
 * nothing to tell it from others; where one of them is shared, all its names carry the run's.
 *
 * @param run names the run, in digits and hyphens; empty where nothing is shared
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

    public String payments() {
        return prefix() + ".payments";
    }

    public String receipts() {
        return prefix() + ".receipts";
    }

    public String confirmations() {
        return prefix() + ".confirmations";
    }

    public String orderLetters() {
        return orders() + ".order-service.dlq";
    }

    public String inventoryLetters() {
        return reservations() + ".inventory-service.dlq";
    }

    public String paymentLetters() {
        return payments() + ".payment-service.dlq";
    }

    public String confirmationLetters() {
        return receipts() + ".confirmation-service.dlq";
    }

    public String orderGroup() {
        return group("order-service");
    }

    public String inventoryGroup() {
        return group("inventory-service");
    }

    public String paymentGroup() {
        return group("payment-service");
    }

    public String confirmationGroup() {
        return group("confirmation-service");
    }

    public List<String> topics() {
        return List.of(
                orders(),
                reservations(),
                inventory(),
                payments(),
                receipts(),
                confirmations(),
                orderLetters(),
                inventoryLetters(),
                paymentLetters(),
                confirmationLetters());
    }

    /** Those of them that nothing else follows from. */
    public List<String> ends() {
        return List.of(
                inventory(),
                confirmations(),
                orderLetters(),
                inventoryLetters(),
                paymentLetters(),
                confirmationLetters());
    }

    public List<String> groups() {
        return List.of(orderGroup(), inventoryGroup(), paymentGroup(), confirmationGroup());
    }

    /** The schema of the run's tables: letters, digits and underscores only. */
    public String schema() {
        return prefix().replace('-', '_');
    }

    private String prefix() {
        return run.isEmpty() ? "shop" : "shop-" + run;
    }

    private String group(String service) {
        return run.isEmpty() ? service : service + "-" + run;
    }
}
