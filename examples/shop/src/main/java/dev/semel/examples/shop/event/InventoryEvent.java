package dev.semel.examples.shop.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.semel.core.event.JsonEvents;

/**
 * What the inventory service decided: the topic {@code inventory}, keyed by product, one for each {@link StockCommand}.
 * Each tells the level after it, so that the topic alone says what is in stock: the service restores its memory from
 * it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = InventoryEvent.StockReserved.class, name = "StockReserved"),
    @JsonSubTypes.Type(value = InventoryEvent.StockRejected.class, name = "StockRejected"),
    @JsonSubTypes.Type(value = InventoryEvent.StockReleased.class, name = "StockReleased"),
    @JsonSubTypes.Type(value = InventoryEvent.StockReceived.class, name = "StockReceived")
})
public sealed interface InventoryEvent {

    /** How these events are read. */
    JsonEvents<String, InventoryEvent> JSON = JsonEvents.of(InventoryEvent.class);

    /** The product, which is also the key. */
    String product();

    /** The line of the command that this answers. */
    int line();

    /** How many units it is about. */
    long quantity();

    /** How many units are in stock after it, not counting those that are set aside. */
    long level();

    /**
     * Units are set aside for an order.
     *
     * @param orderId the order
     * @param line its line
     * @param product what is set aside
     * @param quantity how many units
     * @param level the units in stock after it
     */
    record StockReserved(String orderId, int line, String product, long quantity, long level)
            implements InventoryEvent {}

    /**
     * Less was in stock than a line asked for: nothing is set aside.
     *
     * @param orderId the order
     * @param line its line
     * @param product what was asked for
     * @param quantity how many units were asked for
     * @param level the units in stock, unchanged
     */
    record StockRejected(String orderId, int line, String product, long quantity, long level)
            implements InventoryEvent {}

    /**
     * What was set aside for an order is back in stock.
     *
     * @param orderId the order
     * @param line the place of the product in the cancellation
     * @param product what is back
     * @param quantity how many units; 0 where nothing was set aside
     * @param level the units in stock after it
     */
    record StockReleased(String orderId, int line, String product, long quantity, long level)
            implements InventoryEvent {}

    /**
     * Delivered units are in stock.
     *
     * @param deliveryId the delivery
     * @param line its line
     * @param product what arrived
     * @param quantity how many units
     * @param level the units in stock after it
     */
    record StockReceived(String deliveryId, int line, String product, long quantity, long level)
            implements InventoryEvent {}
}
