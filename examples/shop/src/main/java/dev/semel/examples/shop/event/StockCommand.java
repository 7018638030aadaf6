package dev.semel.examples.shop.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.semel.core.event.JsonEvents;

/**
 * What the order service asks of the inventory: the topic {@code reservations}, keyed by product, one for each line of
 * an {@link OrderEvent}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StockCommand.ReserveStock.class, name = "ReserveStock"),
    @JsonSubTypes.Type(value = StockCommand.ReleaseStock.class, name = "ReleaseStock"),
    @JsonSubTypes.Type(value = StockCommand.ReceiveStock.class, name = "ReceiveStock")
})
public sealed interface StockCommand {

    /** How these commands are read. */
    JsonEvents<String, StockCommand> JSON = JsonEvents.of(StockCommand.class);

    /** The product, which is also the key: all that changes a product's stock is decided one after the other. */
    String product();

    /** The line of the event that this follows from, from 1. */
    int line();

    /**
     * Set units aside for an order, all of them or none.
     *
     * @param orderId the order
     * @param line its line
     * @param product what to set aside
     * @param quantity how many units
     */
    record ReserveStock(String orderId, int line, String product, int quantity) implements StockCommand {}

    /**
     * Put back what is set aside of a product for an order.
     *
     * @param orderId the order
     * @param line the place of the product in the cancellation
     * @param product what to put back
     */
    record ReleaseStock(String orderId, int line, String product) implements StockCommand {}

    /**
     * Take delivered units into stock.
     *
     * @param deliveryId the delivery
     * @param line its line
     * @param product what arrived
     * @param quantity how many units
     */
    record ReceiveStock(String deliveryId, int line, String product, int quantity) implements StockCommand {}
}
