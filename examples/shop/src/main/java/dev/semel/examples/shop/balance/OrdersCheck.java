package dev.semel.examples.shop.balance;

import dev.semel.examples.shop.balance.Ledger.Entry;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.service.InjectedFailures;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The order service: each input lies in its topic as it was sent, and has its commands once, in the order of its key's
 * inputs; or its dead letter, if nobody can read it. One for which the handler failed has both.
 */
final class OrdersCheck {

    private final Ledger ledger;
    private final InjectedFailures failures;
    private final Consumer<Difference> differences;
    private final Letters letters;
    private final Map<LineKey, List<Entry<StockCommand>>> commands;

    /** Keys with a letter: their later events waited behind it, and were handled when the fault was fixed. */
    private final Set<String> blocked = new HashSet<>();

    OrdersCheck(Ledger ledger, InjectedFailures failures, Redrive redrive, Consumer<Difference> differences) {
        this.ledger = ledger;
        this.failures = failures;
        this.differences = differences;
        this.letters = new Letters(ledger.orderLetters(), redrive, differences);
        this.commands = ledger.commands().stream()
                .collect(Collectors.groupingBy(
                        entry -> new LineKey(entry.input(), entry.value().line()), TreeMap::new, Collectors.toList()));
    }

    void check(List<Sent> sent) {
        new InputsCheck(ledger.orders(), differences).check(sent);
        sent.stream()
                .sorted(Comparator.comparingLong(one -> one.position().offset()))
                .forEach(this::checkOutcome);
        letters.expectNoMore();
        commands.values().stream()
                .flatMap(List::stream)
                .forEach(entry -> differ("command " + entry.position(), "no such command", "" + entry.value()));
        checkOrder(sent);
    }

    private void checkOutcome(Sent sent) {
        String key = sent.input().key();
        if (sent.expected() instanceof Expected.Letter letter) {
            // Commands of it, if there are any, are left over at the end.
            letters.expectDiscarded(sent.subject(), sent.position(), letter.failureClass());
            blocked.add(key);
        } else if (sent.expected() instanceof Expected.Commands lines) {
            if (failures.isFatal(sent.input().id()) && blocked.add(key)) {
                letters.expectRedriven(sent.subject(), sent.position());
            } else {
                letters.expectNone(sent.subject(), sent.position());
            }
            lines.commands().forEach(command -> checkCommand(sent, command));
        }
    }

    /** Commands of one product keep the order of the events that they follow from, if these have the same key. */
    private void checkOrder(List<Sent> sent) {
        Map<Integer, Sent> byNumber =
                sent.stream().collect(Collectors.toMap(one -> one.input().number(), one -> one));
        var order = new KeyOrder(differences);
        for (Entry<StockCommand> command : ledger.commands()) {
            @Nullable Sent cause = byNumber.get(command.input());
            if (cause != null) {
                order.take(
                        cause.input().key() + " (" + command.value().product() + ")",
                        command.position(),
                        cause.position());
            }
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
