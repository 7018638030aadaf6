package dev.semel.examples.shop.order;

import dev.semel.core.EventProcessor;
import dev.semel.dlq.DeadLetters;
import dev.semel.examples.shop.event.OrderEvent;
import dev.semel.examples.shop.event.OrderEvent.DeliveryArrived;
import dev.semel.examples.shop.event.OrderEvent.OrderCancelled;
import dev.semel.examples.shop.event.OrderEvent.OrderPlaced;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import dev.semel.examples.shop.service.ServiceLauncher;
import dev.semel.examples.shop.service.ServiceSettings;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes orders, cancellations and deliveries apart: a command to the inventory for each of their lines, all of them in
 * one transaction with the event's offset. It keeps no state.
 */
public final class OrderService {

    private OrderService() {}

    public static void main(String... arguments) {
        ServiceLauncher.launch(arguments, OrderService::processor);
    }

    static EventProcessor<String, OrderEvent> processor(ServiceSettings settings, DeadLetters letters) {
        ShopNames names = settings.names();
        return EventProcessor.<String, OrderEvent>builder()
                .kafka(settings.kafka())
                .group(names.orderGroup())
                .instance("orders-1")
                .topics(names.orders())
                .events(OrderEvent.JSON)
                .participant(letters)
                .onFailure(settings.retriesThenLetter(names.orderLetters()))
                .handler((event, context) -> {
                    for (StockCommand command : commands(event.value())) {
                        context.send(names.reservations(), command.product(), command);
                    }
                    // After the sending, so that a failure shows: what a failed attempt sent goes nowhere.
                    settings.failures().strike(event.id(), context.attempt());
                })
                .build();
    }

    /** One command for each line, in the order of the lines. */
    static List<StockCommand> commands(OrderEvent event) {
        if (event instanceof OrderPlaced placed) {
            return commands(
                    placed.lines(),
                    (line, ordered) -> new ReserveStock(placed.orderId(), line, ordered.product(), ordered.quantity()));
        }
        if (event instanceof DeliveryArrived arrived) {
            return commands(
                    arrived.lines(),
                    (line, delivered) ->
                            new ReceiveStock(arrived.deliveryId(), line, delivered.product(), delivered.quantity()));
        }
        var cancelled = (OrderCancelled) event;
        return commands(cancelled.products(), (line, product) -> new ReleaseStock(cancelled.orderId(), line, product));
    }

    private static <T> List<StockCommand> commands(List<T> entries, CommandOfLine<T> command) {
        return IntStream.range(0, entries.size())
                .mapToObj(i -> command.of(i + 1, entries.get(i)))
                .toList();
    }

    /** The command that follows from one line. */
    private interface CommandOfLine<T> {
        StockCommand of(int line, T entry);
    }
}
