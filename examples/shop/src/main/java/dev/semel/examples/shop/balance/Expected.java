package dev.semel.examples.shop.balance;

import dev.semel.core.event.JsonEvents;
import dev.semel.core.event.RawEvent;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.UnreadableEventException;
import dev.semel.examples.shop.event.OrderEvent;
import dev.semel.examples.shop.event.OrderEvent.DeliveryArrived;
import dev.semel.examples.shop.event.OrderEvent.OrderCancelled;
import dev.semel.examples.shop.event.OrderEvent.OrderPlaced;
import dev.semel.examples.shop.event.OrderLine;
import dev.semel.examples.shop.event.PaymentMade;
import dev.semel.examples.shop.event.PaymentReceived;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import dev.semel.examples.shop.input.Input;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What has to become of an input. */
public sealed interface Expected {

    /** It can be read: one command for each of its lines, be it from a letter that is redriven. */
    record Commands(List<StockCommand> commands) implements Expected {}

    /** It cannot be read: one dead letter, which is discarded. */
    record Letter(FailureClass failureClass) implements Expected {}

    /**
     * It is a payment: one receipt, together with all inputs that tell of the same payment.
     */
    record Receipt(PaymentReceived received) implements Expected {}

    static Expected of(Input input) {
        try {
            return input.kind() == Input.Kind.ORDER
                    ? new Commands(commands(read(input, OrderEvent.JSON)))
                    : new Receipt(receipt(read(input, PaymentMade.JSON)));
        } catch (UnreadableEventException e) {
            return new Letter(e.failureClass());
        }
    }

    private static <V> V read(Input input, JsonEvents<String, V> json) {
        try {
            return json.readValue(new RawEvent(new ConsumerRecord<>("input", 0, 0, null, input.value()), null, 1));
        } catch (UnreadableEventException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("reading an event failed otherwise than it may", e);
        }
    }

    private static PaymentReceived receipt(PaymentMade payment) {
        return new PaymentReceived(payment.paymentId(), payment.orderId(), payment.cents());
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
