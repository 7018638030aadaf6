package dev.semel.examples.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShopTest {

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        var stream = new PrintStream(written, true, UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --nonsense                         | Unknown option: '--nonsense'
                    --orders=many                      | '--orders': 'many' is not an int
                    --orders=0                         | --orders 0 must be 1 to 1000000
                    --rate=-1                          | --rate -1 must be 1 to 1000000
                    --bootstrap-servers=somewhere      | 'somewhere' must be HOST:PORT
                    --input=a --orders=5               | --input and --orders exclude each other
                    --jdbc-user=somebody               | --jdbc-user and --jdbc-password are for the database of --jdbc-url
                    --jdbc-password=secret             | --jdbc-user and --jdbc-password are for the database of --jdbc-url
                    leftover                           | 'leftover'
                    """)
    void wrongUsageIsExplainedWithTheUsage(String arguments, String message) {
        assertThat(Shop.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(written.toString(UTF_8)).contains(message).contains("[--input=FILE]");
    }

    @Test
    void anInputFileThatIsNotThereIsNamed() {
        assertThat(Shop.execute("--input", "no/such/file.jsonl")).isEqualTo(2);
        assertThat(written.toString(UTF_8)).contains("no/such/file.jsonl does not exist");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    jdbc:mysql://localhost:3306/shop       | must be a PostgreSQL
                    jdbc:postgresql://localhost:1/shop     | Connection to localhost:1 refused
                    """)
    void aDatabaseThatCannotBeUsedIsNamedBeforeAnythingStarts(String url, String reason) {
        assertThat(Shop.execute("--jdbc-url", url)).isEqualTo(2);
        assertThat(written.toString(UTF_8)).contains(url, reason).doesNotContain("starting");
    }

    @Test
    void helpTellsExitCodesAndVersionTellsTheVersion() {
        assertThat(Shop.execute("--help")).isZero();
        assertThat(written.toString(UTF_8))
                .contains("Exit codes:", "it balances", "redriven", "--[no-]kill", "--jdbc-url");
        assertThat(Shop.execute("--version")).isZero();
        assertThat(written.toString(UTF_8)).containsPattern("Semel shop \\d+\\.\\d+");
    }
}
