package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.event.StockCommand;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The order service: each input lies in its topic as it was sent, and has its commands, or its dead letter, once. */
final class OrdersCheck {

    private final Ledger ledger;
    private final Consumer<Difference> differences;
    private final Letters letters;
    private final Map<LineKey, List<Entry<StockCommand>>> commands;

    OrdersCheck(Ledger ledger, Consumer<Difference> differences) {
        this.ledger = ledger;
        this.differences = differences;
        this.letters = new Letters(ledger.orderLetters(), differences);
        this.commands = ledger.commands().stream()
                .collect(Collectors.groupingBy(
                        entry -> new LineKey(entry.input(), entry.value().line()), TreeMap::new, Collectors.toList()));
    }

    void check(List<Sent> sent) {
        new InputsCheck(ledger.orders(), differences).check(sent);
        sent.forEach(this::checkOutcome);
        letters.expectNoMore();
        commands.values().stream()
                .flatMap(List::stream)
                .forEach(entry -> differ("command " + entry.position(), "no such command", "" + entry.value()));
    }

    private void checkOutcome(Sent sent) {
        if (sent.expected() instanceof Expected.Letter letter) {
            // Commands of it, if there are any, are left over at the end.
            letters.expectOne(sent.subject(), sent.position(), letter.failureClass());
        } else if (sent.expected() instanceof Expected.Commands lines) {
            letters.expectNone(sent.subject(), sent.position());
            lines.commands().forEach(command -> checkCommand(sent, command));
        }
    }

    private void checkCommand(Sent sent, StockCommand expected) {
        List<Entry<StockCommand>> found =
                commands.remove(new LineKey(sent.input().number(), expected.line()));
        if (found == null) {
            differ(sent.subject() + " line " + expected.line(), "once " + expected, "none");
        } else if (found.size() != 1 || !found.get(0).value().equals(expected)) {
            differ(
                    sent.subject() + " line " + expected.line(),
                    "once " + expected,
                    found.stream()
                            .map(entry -> entry.value() + " at " + entry.position())
                            .collect(Collectors.joining(", ")));
        }
    }

    private void differ(String subject, String expected, String found) {
        differences.accept(new Difference(subject, expected, found));
    }
}
