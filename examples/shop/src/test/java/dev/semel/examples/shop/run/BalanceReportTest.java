package dev.semel.examples.shop.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.shop.balance.Balance;
import dev.semel.examples.shop.balance.Balance.Handled;
import dev.semel.examples.shop.balance.Difference;
import dev.semel.examples.shop.balance.InventoryModel.Lines;
import dev.semel.examples.shop.balance.ProductAccount;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.TreeMap;
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

    private static List<ProductAccount> products(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ProductAccount("product-%03d".formatted(i), 10, 5, 1, 6))
                .toList();
    }

    private static String report(List<ProductAccount> products, List<Difference> differences) {
        var bytes = new ByteArrayOutputStream();
        new BalanceReport(new PrintStream(bytes, true, UTF_8))
                .write(new Balance(
                        5,
                        new Handled(3, 1, 1),
                        new Lines(1, 2, 3, 4),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        0,
                        products,
                        differences));
        return bytes.toString(UTF_8);
    }
}
