package dev.semel.examples.shop.run;

import dev.semel.examples.shop.balance.Balance;
import dev.semel.examples.shop.balance.Balance.Mails;
import dev.semel.examples.shop.balance.Balance.Payments;
import dev.semel.examples.shop.balance.Balance.ServiceLetters;
import dev.semel.examples.shop.balance.Difference;
import dev.semel.examples.shop.balance.ProductAccount;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** Writes a balance for people. */
public final class BalanceReport {

    private static final int MOST_PRODUCTS = 20;
    private static final int MOST_DIFFERENCES = 50;
    private static final int NAME_WIDTH = 26;

    private final PrintStream out;

    public BalanceReport(PrintStream out) {
        this.out = out;
    }

    public void write(Balance balance) {
        out.println();
        row("Events sent", balance.inputs());
        row("  orders placed", balance.handled().placed());
        row("  orders cancelled", balance.handled().cancelled());
        row("  deliveries arrived", balance.handled().arrived());
        row("  unreadable, discarded", discarded(balance, "order"));
        row("Order lines", balance.lines().reserved() + balance.lines().rejected());
        row("  reserved", balance.lines().reserved());
        row("  rejected, out of stock", balance.lines().rejected());
        row("Lines released", balance.lines().released());
        row("Lines received", balance.lines().received());
        writePayments(balance);
        row("Duplicates", balance.duplicates());
        writeLetters(balance);
        writeProducts(balance);
        writeVerdict(balance);
    }

    private void writePayments(Balance balance) {
        Payments payments = balance.payments();
        row("Payments sent", payments.sent());
        row("  received", payments.received(), "%,.2f in money".formatted(payments.cents() / 100.0));
        row("  sent again, no effect", payments.duplicates());
        row("  unreadable, discarded", discarded(balance, "payment"));
        Mails mails = balance.mails();
        row("Payments confirmed", mails.confirmed());
        row("E-mails sent", mails.delivered(), "one for each order that is paid, in one payment or in parts");
        row("  refused at first", mails.refusals());
        row("  asked for again", mails.repetitions(), "by a service that was killed, and did not know");
    }

    private static long discarded(Balance balance, String service) {
        return balance.letters().stream()
                .filter(letters -> letters.service().equals(service))
                .mapToLong(ServiceLetters::discarded)
                .sum();
    }

    private void writeLetters(Balance balance) {
        out.printf("%n%-" + NAME_WIDTH + "s", "Dead letters");
        balance.letters().forEach(letters -> out.printf(" %14s", letters.service()));
        out.println();
        var classes = new TreeSet<String>();
        balance.letters().forEach(letters -> classes.addAll(letters.byClass().keySet()));
        for (String failureClass : classes) {
            lettersRow(
                    balance, "  " + failureClass, letters -> letters.byClass().getOrDefault(failureClass, 0L));
        }
        lettersRow(balance, "  total", ServiceLetters::total);
        lettersRow(balance, "  redriven in the end", ServiceLetters::redriven);
        lettersRow(balance, "  discarded in the end", ServiceLetters::discarded);
    }

    private void writeProducts(Balance balance) {
        List<ProductAccount> products = balance.products();
        out.printf(
                "%n%-" + NAME_WIDTH + "s %10s = %10s + %10s %10s   (%s)%n",
                "Units of each product",
                "in",
                "out",
                "left",
                "database",
                "out: reserved - released");
        if (products.size() <= MOST_PRODUCTS) {
            products.forEach(account -> productRow(account, balance.stock().level(account.product())));
        } else {
            products.stream()
                    .sorted(Comparator.comparingLong(ProductAccount::received).reversed())
                    .limit(MOST_PRODUCTS)
                    .forEach(account -> productRow(account, balance.stock().level(account.product())));
            out.printf("  ... and %,d products of which less came in%n", products.size() - MOST_PRODUCTS);
        }
        productRow(balance.total(), balance.stock().total());
    }

    private void productRow(ProductAccount account, long stored) {
        boolean isRight = account.received() == account.out() + account.level() && account.level() == stored;
        out.printf(
                "%-" + NAME_WIDTH + "s %,10d %s %,10d + %,10d %,10d   (%,d - %,d)%n",
                "  " + shortened(account.product()),
                account.received(),
                isRight ? "=" : "#",
                account.out(),
                account.level(),
                stored,
                account.reserved(),
                account.released());
    }

    private static String shortened(String product) {
        int most = NAME_WIDTH - 2;
        return product.length() <= most ? product : product.substring(0, most - 3) + "...";
    }

    private void writeVerdict(Balance balance) {
        out.println();
        List<Difference> differences = balance.differences();
        if (balance.isBalanced()) {
            out.println(
                    "BALANCED: every event had its effect once, or is a letter that nobody can read and was discarded for"
                            + " that; no unit, cent or e-mail is unaccounted for.");
            return;
        }
        out.printf("NOT BALANCED: %,d difference(s)%n", differences.size());
        differences.stream().limit(MOST_DIFFERENCES).forEach(difference -> out.println("  " + difference));
        if (differences.size() > MOST_DIFFERENCES) {
            out.printf("  ... and %,d more%n", differences.size() - MOST_DIFFERENCES);
        }
    }

    private void row(String name, long count) {
        row(name, count, "");
    }

    private void row(String name, long count, String remark) {
        out.printf("%-" + NAME_WIDTH + "s %,14d%s%n", name, count, remark.isEmpty() ? "" : "   (" + remark + ")");
    }

    private void lettersRow(Balance balance, String name, ToLongFunction<ServiceLetters> count) {
        out.printf("%-" + NAME_WIDTH + "s", name);
        balance.letters().forEach(letters -> out.printf(" %,14d", count.applyAsLong(letters)));
        out.println();
    }
}
