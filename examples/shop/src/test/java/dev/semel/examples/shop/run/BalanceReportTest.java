package dev.semel.examples.shop.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.shop.balance.Balance;
import dev.semel.examples.shop.balance.Balance.Handled;
import dev.semel.examples.shop.balance.Balance.Mails;
import dev.semel.examples.shop.balance.Balance.Payments;
import dev.semel.examples.shop.balance.Balance.ServiceLetters;
import dev.semel.examples.shop.balance.Difference;
import dev.semel.examples.shop.balance.InventoryModel.Lines;
import dev.semel.examples.shop.balance.ProductAccount;
import dev.semel.examples.shop.balance.StockTable;
import dev.semel.examples.shop.balance.StockTable.Shelf;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalanceReportTest {

    @Test
    void manyProductsAreAFewRowsAndATotalOfAll() {
        String report = report(products(100), List.of());

        assertThat(report.lines().filter(line -> line.startsWith("  product-"))).hasSize(20);
        assertThat(report)
                .contains("... and 80 products of which less came in")
                .containsPattern("total +1,000 = +400 \\+ +600 ");
    }

    @Test
    void aProductThatDoesNotBalanceStandsOut() {
        String report = report(List.of(new ProductAccount("kite", 10, 4, 0, 5)), List.of());

        assertThat(report).containsPattern("kite +10 # +4 \\+ +5 ");
    }

    @Test
    void aProductThatTheDatabaseHoldsOtherwiseStandsOut() {
        List<ProductAccount> kite = List.of(new ProductAccount("kite", 10, 4, 0, 6));

        assertThat(report(kite, stock(kite), List.of())).containsPattern("kite +10 = +4 \\+ +6 +6 ");
        assertThat(report(kite, new StockTable(Map.of("kite", new Shelf(7, 2)), Map.of()), List.of()))
                .containsPattern("kite +10 # +4 \\+ +6 +7 ");
    }

    @Test
    void paymentsMailsAndTheLettersOfEachServiceHaveTheirLines() {
        assertThat(report(products(1), List.of()))
                .containsPattern("Payments sent +9\n")
                .containsPattern("  received +6 +\\(1,234.56 in money\\)")
                .containsPattern("  sent again, no effect +2\n  unreadable, discarded +0\n")
                .containsPattern("Payments confirmed +6\nE-mails sent +5 ")
                .containsPattern("  refused at first +7\n  asked for again +1 ")
                .containsPattern("Dead letters +order +payment\n  handler_exception +0 +1\n  schema_too_new +4 +0\n")
                .containsPattern("  total +4 +1\n  redriven in the end +0 +1\n  discarded in the end +4 +0\n");
    }

    @Test
    void theVerdictNamesDifferencesAndSaysHowManyItLeavesOut() {
        List<Difference> differences = IntStream.range(0, 60)
                .mapToObj(i -> new Difference("input " + i, "one", "none"))
                .toList();

        String report = report(products(1), differences);

        assertThat(report)
                .contains("NOT BALANCED: 60 difference(s)")
                .contains("input 49: expected one, found none")
                .doesNotContain("input 50:")
                .contains("... and 10 more");
    }

    private static ServiceLetters letters(String service, String failureClass, long redriven, long discarded) {
        return new ServiceLetters(
                service, new TreeMap<>(Map.of(failureClass, redriven + discarded)), redriven, discarded);
    }

    private static List<ProductAccount> products(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ProductAccount("product-%03d".formatted(i), 10, 5, 1, 6))
                .toList();
    }

    private static StockTable stock(List<ProductAccount> products) {
        return new StockTable(
                products.stream()
                        .collect(Collectors.toMap(ProductAccount::product, account -> new Shelf(account.level(), 1))),
                Map.of());
    }

    private static String report(List<ProductAccount> products, List<Difference> differences) {
        return report(products, stock(products), differences);
    }

    private static String report(List<ProductAccount> products, StockTable stock, List<Difference> differences) {
        var bytes = new ByteArrayOutputStream();
        new BalanceReport(new PrintStream(bytes, true, UTF_8))
                .write(new Balance(
                        5,
                        new Handled(3, 1, 1),
                        new Lines(1, 2, 3, 4),
                        new Payments(9, 6, 2, 123_456),
                        new Mails(5, 6, 7, 1),
                        List.of(
                                letters("order", "schema_too_new", 0, 4),
                                letters("payment", "handler_exception", 1, 0)),
                        0,
                        products,
                        stock,
                        differences));
        return bytes.toString(UTF_8);
    }
}
