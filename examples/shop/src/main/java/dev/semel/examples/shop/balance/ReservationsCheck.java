package dev.semel.examples.shop.balance;

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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The inventory service: each command has the event that answers it, once, and in the order of its product's
 * commands; also one that was a dead letter for a while.
 */
final class ReservationsCheck {

    private final Ledger ledger;
    private final InjectedFailures failures;
    private final Redrive redrive;
    private final Consumer<Difference> differences;

    ReservationsCheck(Ledger ledger, InjectedFailures failures, Redrive redrive, Consumer<Difference> differences) {
        this.ledger = ledger;
        this.failures = failures.rarelyForGood();
        this.redrive = redrive;
        this.differences = differences;
    }

    void check() {
        var letters = new Letters(ledger.inventoryLetters(), redrive, differences);
        // Products with a letter: later commands waited behind it, and were handled when the fault was fixed.
        var blocked = new HashSet<String>();
        for (Entry<StockCommand> command : ledger.commands()) {
            String subject =
                    "command " + key(command) + " (" + command.value().product() + ") at " + command.position();
            if (failures.isFatal(command.id())
                    && redrive.isBeforeFix(command.position())
                    && blocked.add(command.value().product())) {
                letters.expectRedriven(subject, command.position());
            } else {
                letters.expectNone(subject, command.position());
            }
        }
        letters.expectNoMore();
        if (checkAnswers(ledger.commands())) {
            checkOrder(ledger.commands());
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

    /** Both topics are keyed by product: the order of its answers is that of its commands. */
    private void checkOrder(List<Entry<StockCommand>> handled) {
        Map<String, List<LineKey>> asked = handled.stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.value().product(),
                        TreeMap::new,
                        Collectors.mapping(ReservationsCheck::key, Collectors.toList())));
        Map<String, List<LineKey>> answered = ledger.events().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.value().product(),
                        TreeMap::new,
                        Collectors.mapping(ReservationsCheck::answerKey, Collectors.toList())));
        asked.forEach((product, keys) -> {
            List<LineKey> found = answered.getOrDefault(product, List.of());
            for (int i = 0; i < keys.size(); i++) {
                if (i >= found.size() || !found.get(i).equals(keys.get(i))) {
                    differ(
                            "answer " + (i + 1) + " of product " + product,
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
