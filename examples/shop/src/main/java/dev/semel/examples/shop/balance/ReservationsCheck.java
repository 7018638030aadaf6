package dev.semel.examples.shop.balance;

import dev.semel.core.failure.FailureClass;
import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.InventoryEvent.StockReceived;
import dev.semel.examples.shop.event.InventoryEvent.StockRejected;
import dev.semel.examples.shop.event.InventoryEvent.StockReleased;
import dev.semel.examples.shop.event.InventoryEvent.StockReserved;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import dev.semel.examples.shop.service.InjectedFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The inventory service: each command has the event that answers it, or its dead letter, once, and in the commands'
 * order.
 */
final class ReservationsCheck {

    private final Ledger ledger;
    private final InjectedFailures failures;
    private final Consumer<Difference> differences;

    ReservationsCheck(Ledger ledger, InjectedFailures failures, Consumer<Difference> differences) {
        this.ledger = ledger;
        this.failures = failures;
        this.differences = differences;
    }

    void check() {
        var letters = new Letters(ledger.inventoryLetters(), differences);
        var handled = new ArrayList<Entry<StockCommand>>();
        for (Entry<StockCommand> command : ledger.commands()) {
            String subject =
                    "command " + key(command) + " (" + command.value().product() + ") at " + command.position();
            if (failures.isFatal(command.id())) {
                letters.expectOne(subject, command.position(), FailureClass.HANDLER_EXCEPTION);
            } else {
                letters.expectNone(subject, command.position());
                handled.add(command);
            }
        }
        letters.expectNoMore();
        if (checkAnswers(handled)) {
            checkOrder(handled);
        }
    }

    /** Whether each command has its answer, and no more. */
    private boolean checkAnswers(List<Entry<StockCommand>> handled) {
        Map<LineKey, List<Entry<InventoryEvent>>> events = ledger.events().stream()
                .collect(Collectors.groupingBy(ReservationsCheck::answerKey, TreeMap::new, Collectors.toList()));
        boolean complete = true;
        for (Entry<StockCommand> command : handled) {
            @Nullable List<Entry<InventoryEvent>> found = events.remove(key(command));
            if (found == null || found.size() != 1 || !answers(found.get(0).value(), command.value())) {
                complete = false;
                differ(
                        "" + key(command) + ", " + command.value() + " at " + command.position(),
                        "one event that answers it",
                        found == null ? "none" : shown(found));
            }
        }
        for (List<Entry<InventoryEvent>> left : events.values()) {
            complete = false;
            differ("event of " + answerKey(left.get(0)), "none, since no command asks for it", shown(left));
        }
        return complete;
    }

    private static boolean answers(InventoryEvent event, StockCommand command) {
        if (command instanceof ReserveStock asked) {
            return event instanceof StockReserved reserved
                            && reserved.orderId().equals(asked.orderId())
                            && reserved.product().equals(asked.product())
                            && reserved.quantity() == asked.quantity()
                    || event instanceof StockRejected rejected
                            && rejected.orderId().equals(asked.orderId())
                            && rejected.product().equals(asked.product())
                            && rejected.quantity() == asked.quantity();
        }
        if (command instanceof ReleaseStock asked) {
            return event instanceof StockReleased released
                    && released.orderId().equals(asked.orderId())
                    && released.product().equals(asked.product());
        }
        return command instanceof ReceiveStock asked
                && event instanceof StockReceived received
                && received.deliveryId().equals(asked.deliveryId())
                && received.product().equals(asked.product())
                && received.quantity() == asked.quantity();
    }

    /** Both topics are keyed by product, so partitions match, and the order of one is that of the other. */
    private void checkOrder(List<Entry<StockCommand>> handled) {
        Map<Integer, List<LineKey>> asked = handled.stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.position().partition(),
                        TreeMap::new,
                        Collectors.mapping(ReservationsCheck::key, Collectors.toList())));
        Map<Integer, List<LineKey>> answered = ledger.events().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.position().partition(),
                        TreeMap::new,
                        Collectors.mapping(ReservationsCheck::answerKey, Collectors.toList())));
        asked.forEach((partition, keys) -> {
            List<LineKey> found = answered.getOrDefault(partition, List.of());
            for (int i = 0; i < keys.size(); i++) {
                if (i >= found.size() || !found.get(i).equals(keys.get(i))) {
                    differ(
                            "answer " + (i + 1) + " of partition " + partition,
                            "that to " + keys.get(i),
                            i >= found.size() ? "none" : "that to " + found.get(i));
                    return;
                }
            }
        });
    }

    private static LineKey key(Entry<StockCommand> entry) {
        return new LineKey(entry.input(), entry.value().line());
    }

    private static LineKey answerKey(Entry<InventoryEvent> entry) {
        return new LineKey(entry.input(), entry.value().line());
    }

    private static String shown(List<Entry<InventoryEvent>> entries) {
        return entries.stream()
                .map(entry -> entry.value() + " at " + entry.position())
                .collect(Collectors.joining(", "));
    }

    private void differ(String subject, String expected, String found) {
        differences.accept(new Difference(subject, expected, found));
    }
}
