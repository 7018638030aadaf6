package dev.semel.examples.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.engine.EngineKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarksTest {

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
                    process --nonsense                        | Unknown option: '--nonsense'
                    process --rounds=0                        | --rounds 0 must be at least 1
                    process --records=-5                      | --records -5 must be at least 1
                    process --handlers=1,-1                   | --handlers -1 must be at least 0
                    process --contestants=loop,tortoise       | 'tortoise' is none of [loop, semel-partition,
                    latency --contestants=ceiling-256         | ceiling-256 cannot take part in this
                    latency --rate=0                          | --rate 0 must be at least 1
                    latency --warm-up=0                       | --warm-up 0 must be at least 1
                    soak --contestants=loop,streams           | --contestants: one at a time
                    soak --rate=-1                            | --rate -1 must be at least 0
                    restore --events=0                        | --events 0 must be at least 1
                    restore --contestants=loop                | loop cannot take part in this
                    soak --commit-interval=0                  | --commit-interval 0 must be at least 1
                    process --contestants=streams-suppress    | streams-suppress cannot take part in this
                    windows --contestants=loop                | loop cannot take part in this
                    windows --events=0                        | --events 0 must be at least 1
                    engine --contestants=tortoise             | 'tortoise' is none of [loop, semel, flink, jet]
                    engine --warm-ups=0                       | --warm-ups 0 must be at least 1
                    windows-soak --minutes=0                  | --minutes 0 must be at least 1
                    windows-soak --contestants=streams-rocksdb-updates | streams-rocksdb-updates cannot take part
                    leftover                                  | 'leftover'
                    """)
    void wrongUsageIsExplainedWithTheUsage(String arguments, String message) {
        assertThat(Benchmarks.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(written.toString(UTF_8)).contains(message).contains("examples/benchmarks/run");
    }

    @Test
    void aCommandIsNeeded() {
        assertThat(Benchmarks.execute()).isEqualTo(2);
        assertThat(written.toString(UTF_8)).contains("COMMAND");
    }

    @Test
    void helpTellsCommandsAndExitCodesAndVersionTellsTheVersion() {
        assertThat(Benchmarks.execute("--help")).isZero();
        assertThat(written.toString(UTF_8))
                .contains("Exit codes:", "process", "latency", "soak", "restore", "windows", "engine", "windows-soak");
        assertThat(Benchmarks.execute("--version")).isZero();
        assertThat(written.toString(UTF_8)).containsPattern("Semel benchmarks \\d+\\.\\d+");
    }

    @Test
    void helpNamesEveryContestant() {
        assertThat(Benchmarks.execute("process", "--help")).isZero();
        assertThat(Benchmarks.execute("windows", "--help")).isZero();
        assertThat(Benchmarks.execute("engine", "--help")).isZero();
        assertThat(written.toString(UTF_8).replaceAll("\\s+", " "))
                .contains(
                        String.join(", ", Kind.ids(Kind.Workload.RECORDS)),
                        String.join(", ", Kind.ids(Kind.Workload.WINDOWS)),
                        String.join(", ", EngineKind.ids()));
    }
}
