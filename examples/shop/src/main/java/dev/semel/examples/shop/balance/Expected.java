package dev.semel.examples.shop.balance;

import dev.semel.core.event.RawEvent;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.UnreadableEventException;
import dev.semel.examples.shop.event.OrderEvent;
import dev.semel.examples.shop.event.OrderEvent.DeliveryArrived;
import dev.semel.examples.shop.event.OrderEvent.OrderCancelled;
import dev.semel.examples.shop.event.OrderEvent.OrderPlaced;
import dev.semel.examples.shop.event.OrderLine;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.service.InjectedFailures;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What has to become of an input. */
public sealed interface Expected {

    /** It can be read, and its handler succeeds: one command for each of its lines. */
    record Commands(List<StockCommand> commands) implements Expected {}

    /** It cannot be read, or its handler fails for good: one dead letter. */
    record Letter(FailureClass failureClass) implements Expected {}

    static Expected of(Input input, InjectedFailures failures) {
        OrderEvent event;
        try {
            event = read(input.value());
        } catch (UnreadableEventException e) {
            return new Letter(e.failureClass());
        }
        return failures.isFatal(input.id())
                ? new Letter(FailureClass.HANDLER_EXCEPTION)
                : new Commands(commands(event));
    }

    private static OrderEvent read(byte[] value) {
        try {
            return OrderEvent.JSON.readValue(new RawEvent(new ConsumerRecord<>("input", 0, 0, null, value), null, 1));
        } catch (UnreadableEventException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("reading an event failed otherwise than it may", e);
        }
    }

    /** Worked out here once more, rather than by the code of the service that is to be checked. */
    private static List<StockCommand> commands(OrderEvent event) {
        var commands = new ArrayList<StockCommand>();
        if (event instanceof OrderPlaced placed) {
            for (OrderLine line : placed.lines()) {
                commands.add(new ReserveStock(placed.orderId(), commands.size() + 1, line.product(), line.quantity()));
            }
        } else if (event instanceof OrderCancelled cancelled) {
            for (String product : cancelled.products()) {
                commands.add(new ReleaseStock(cancelled.orderId(), commands.size() + 1, product));
            }
        } else if (event instanceof DeliveryArrived arrived) {
            for (OrderLine line : arrived.lines()) {
                commands.add(
                        new ReceiveStock(arrived.deliveryId(), commands.size() + 1, line.product(), line.quantity()));
            }
        }
        return commands;
    }
}
