package dev.semel.examples.shop.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.semel.core.event.JsonEvents;
import java.util.List;

/**
 * What happens outside the shop's services: the events of the topic {@code orders}, keyed by order or delivery. In JSON
 * the field {@code type} says which one it is. An event that breaks a rule of its type cannot be read, and becomes a
 * dead letter.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OrderEvent.OrderPlaced.class, name = "OrderPlaced"),
    @JsonSubTypes.Type(value = OrderEvent.OrderCancelled.class, name = "OrderCancelled"),
    @JsonSubTypes.Type(value = OrderEvent.DeliveryArrived.class, name = "DeliveryArrived")
})
public sealed interface OrderEvent {

    /** How these events are read. */
    JsonEvents<String, OrderEvent> JSON = JsonEvents.of(OrderEvent.class);

    /** What the event belongs to, and its key: events of one order stay in their order. */
    String subject();

    /**
     * A customer orders.
     *
     * @param orderId names the order
     * @param lines what is ordered; a product may stand in several lines
     */
    record OrderPlaced(String orderId, List<OrderLine> lines) implements OrderEvent {
        public OrderPlaced {
            Rules.name("orderId", orderId);
            lines = Rules.entries("lines", lines);
        }

        @Override
        public String subject() {
            return orderId;
        }
    }

    /**
     * A customer cancels an order, or part of it. What is reserved of these products for the order goes back into
     * stock; where nothing is, nothing does.
     *
     * @param orderId the order
     * @param products the products that are no longer wanted
     */
    record OrderCancelled(String orderId, List<String> products) implements OrderEvent {
        public OrderCancelled {
            Rules.name("orderId", orderId);
            products = Rules.entries("products", products);
            products.forEach(product -> Rules.name("products", product));
        }

        @Override
        public String subject() {
            return orderId;
        }
    }

    /**
     * Goods arrive.
     *
     * @param deliveryId names the delivery
     * @param lines what it brings
     */
    record DeliveryArrived(String deliveryId, List<OrderLine> lines) implements OrderEvent {
        public DeliveryArrived {
            Rules.name("deliveryId", deliveryId);
            lines = Rules.entries("lines", lines);
        }

        @Override
        public String subject() {
            return deliveryId;
        }
    }
}
