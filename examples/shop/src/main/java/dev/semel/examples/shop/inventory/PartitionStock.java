package dev.semel.examples.shop.inventory;

import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.InventoryEvent.StockReceived;
import dev.semel.examples.shop.event.InventoryEvent.StockRejected;
import dev.semel.examples.shop.event.InventoryEvent.StockReleased;
import dev.semel.examples.shop.event.InventoryEvent.StockReserved;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The stock of the products of one partition. Deciding changes nothing; only an event does, whether it was just decided
 * or is read back from Kafka, so that both ways lead to the same memory.
 *
 * <p>Threading: for one thread at a time for each product, as the handler is called; products beside each other.
 */
final class PartitionStock {

    private final Map<String, Long> levels = new ConcurrentHashMap<>();
    private final Map<Reservation, Long> reserved = new ConcurrentHashMap<>();

    /** What is set aside: of which product, for which order. */
    private record Reservation(String orderId, String product) {}

    /** What follows from a command, as things are. */
    InventoryEvent decide(StockCommand command) {
        long level = levels.getOrDefault(command.product(), 0L);
        if (command instanceof ReceiveStock receive) {
            return new StockReceived(
                    receive.deliveryId(),
                    receive.line(),
                    receive.product(),
                    receive.quantity(),
                    level + receive.quantity());
        }
        if (command instanceof ReserveStock reserve) {
            return reserve.quantity() <= level
                    ? new StockReserved(
                            reserve.orderId(),
                            reserve.line(),
                            reserve.product(),
                            reserve.quantity(),
                            level - reserve.quantity())
                    : new StockRejected(
                            reserve.orderId(), reserve.line(), reserve.product(), reserve.quantity(), level);
        }
        var release = (ReleaseStock) command;
        long held = reserved.getOrDefault(new Reservation(release.orderId(), release.product()), 0L);
        return new StockReleased(release.orderId(), release.line(), release.product(), held, level + held);
    }

    /** Takes in what happened. */
    void apply(InventoryEvent event) {
        levels.put(event.product(), event.level());
        if (event instanceof StockReserved reservation) {
            // An order may hold a product in several lines.
            reserved.merge(
                    new Reservation(reservation.orderId(), reservation.product()), reservation.quantity(), Long::sum);
        } else if (event instanceof StockReleased release) {
            reserved.remove(new Reservation(release.orderId(), release.product()));
        }
    }
}
