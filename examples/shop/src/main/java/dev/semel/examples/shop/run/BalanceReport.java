package dev.semel.examples.shop.run;

import dev.semel.examples.shop.balance.Balance;
import dev.semel.examples.shop.balance.Difference;
import dev.semel.examples.shop.balance.ProductAccount;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

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
        row("  dead letters", sum(balance.orderLetters().values().stream()));
        row("Order lines", balance.lines().reserved() + balance.lines().rejected());
        row("  reserved", balance.lines().reserved());
        row("  rejected, out of stock", balance.lines().rejected());
        row("Lines released", balance.lines().released());
        row("Lines received", balance.lines().received());
        row("Duplicates", balance.duplicates());
        writeLetters(balance);
        writeProducts(balance);
        writeVerdict(balance);
    }

    private void writeLetters(Balance balance) {
        out.printf("%n%-" + NAME_WIDTH + "s %14s %18s%n", "Dead letters", "order-service", "inventory-service");
        var classes = new TreeSet<>(balance.orderLetters().keySet());
        classes.addAll(balance.inventoryLetters().keySet());
        for (String failureClass : classes) {
            lettersRow(
                    "  " + failureClass,
                    balance.orderLetters().getOrDefault(failureClass, 0L),
                    balance.inventoryLetters().getOrDefault(failureClass, 0L));
        }
        lettersRow(
                "  total",
                sum(balance.orderLetters().values().stream()),
                sum(balance.inventoryLetters().values().stream()));
    }

    private void writeProducts(Balance balance) {
        List<ProductAccount> products = balance.products();
        out.printf(
                "%n%-" + NAME_WIDTH + "s %10s = %10s + %10s   (%s - %s)%n",
                "Units of each product",
                "in",
                "out",
                "left",
                "out: reserved",
                "released");
        if (products.size() <= MOST_PRODUCTS) {
            products.forEach(this::productRow);
        } else {
            products.stream()
                    .sorted(Comparator.comparingLong(ProductAccount::received).reversed())
                    .limit(MOST_PRODUCTS)
                    .forEach(this::productRow);
            out.printf("  ... and %,d products of which less came in%n", products.size() - MOST_PRODUCTS);
        }
        productRow(balance.total());
    }

    private void productRow(ProductAccount account) {
        out.printf(
                "%-" + NAME_WIDTH + "s %,10d %s %,10d + %,10d   (%,d - %,d)%n",
                "  " + shortened(account.product()),
                account.received(),
                account.received() == account.out() + account.level() ? "=" : "#",
                account.out(),
                account.level(),
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
                    "BALANCED: every event had its effect once, or is a dead letter, and no unit is unaccounted for.");
            return;
        }
        out.printf("NOT BALANCED: %,d difference(s)%n", differences.size());
        differences.stream().limit(MOST_DIFFERENCES).forEach(difference -> out.println("  " + difference));
        if (differences.size() > MOST_DIFFERENCES) {
            out.printf("  ... and %,d more%n", differences.size() - MOST_DIFFERENCES);
        }
    }

    private void row(String name, long count) {
        out.printf("%-" + NAME_WIDTH + "s %,14d%n", name, count);
    }

    private void lettersRow(String name, long orders, long inventory) {
        out.printf("%-" + NAME_WIDTH + "s %,14d %,18d%n", name, orders, inventory);
    }

    private static long sum(Stream<Long> counts) {
        return counts.mapToLong(Long::longValue).sum();
    }
}
