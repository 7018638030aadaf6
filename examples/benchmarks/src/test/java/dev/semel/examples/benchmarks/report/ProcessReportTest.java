package dev.semel.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.contestant.Result;
import dev.semel.examples.benchmarks.run.Measured;
import dev.semel.examples.benchmarks.workload.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessReportTest {

    private static final int RECORDS = 1_000;
    private static final Verdict EXACT = new Verdict(RECORDS, RECORDS, 0, 0);

    private final List<Measured> turns = new ArrayList<>();

    @Test
    void aRatioIsTakenWithinARoundAndThenTheMedianOfRounds() {
        // The machine was four times slower in the third round: the ratio does not see it.
        turn(Kind.LOOP, 1, 100, EXACT, "");
        turn(Kind.SEMEL_PARTITION, 1, 100, EXACT, "");
        turn(Kind.LOOP, 2, 100, EXACT, "");
        turn(Kind.SEMEL_PARTITION, 2, 50, EXACT, "");
        turn(Kind.LOOP, 3, 400, EXACT, "");
        turn(Kind.SEMEL_PARTITION, 3, 200, EXACT, "");

        assertThat(row(Kind.SEMEL_PARTITION)).contains("| 10,000 | 5,000 - 20,000 | 2.00 x |", "| exact | 1,000 |");
        assertThat(row(Kind.LOOP)).contains("| 10,000 | 2,500 - 10,000 | 1.00 x |");
    }

    @Test
    void whoLosesARecordInOneRoundIsMarked() {
        turn(Kind.LOOP, 1, 100, EXACT, "");
        turn(Kind.STREAMS, 1, 100, EXACT, "");
        turn(Kind.STREAMS, 2, 100, new Verdict(RECORDS, RECORDS - 1, 1, 0), "");

        assertThat(row(Kind.STREAMS)).contains("**WRONG**: 999 of 1,000, 1 gaps, 0 repeated");
        assertThat(row(Kind.LOOP)).doesNotContain("WRONG");
    }

    @Test
    void whoFailsIsMarkedAndDoesNotCount() {
        turn(Kind.LOOP, 1, 100, EXACT, "");
        turn(Kind.SPRING, 1, 0, new Verdict(RECORDS, 0, 0, 0), "out of memory");
        turn(Kind.STREAMS, 1, 100, EXACT, "");
        turn(Kind.STREAMS, 2, 0, new Verdict(RECORDS, 0, 0, 0), "out of memory");

        assertThat(row(Kind.SPRING)).contains("**failed**");
        assertThat(row(Kind.STREAMS)).contains("| 10,000 |", "**WRONG**: failed");
    }

    @Test
    void theChartIsDrawnWithoutADisplay(@TempDir Path directory) throws Exception {
        turn(Kind.LOOP, 1, 100, EXACT, "");
        turn(Kind.SEMEL_PARTITION, 1, 50, EXACT, "");
        Path file = directory.resolve("charts/chart.svg");

        Charts.write(new ProcessReport(turns).chart(Duration.ZERO).orElseThrow(), file);

        assertThat(Files.readString(file)).contains("<svg").endsWith("</svg>\n");
    }

    @Test
    void rewritesOnlyItsPartOfAPage(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("page.md");
        String begin = "# Page\n<!-- process: written by examples/benchmarks/run -->\n";
        String end = "<!-- end of process -->\nmore\n";
        Files.writeString(file, begin + "old" + end);

        new ResultsPage(file).rewrite("process", "new\n");
        new ResultsPage(file).rewrite("process", "newer\n");

        assertThat(file).hasContent(begin + "\nnewer\n\n" + end);
    }

    private void turn(Kind kind, int round, long millis, Verdict verdict, String failure) {
        var result = new Result(
                Duration.ofMillis(500), Duration.ofMillis(millis), RECORDS, Duration.ofMillis(millis), Duration.ZERO);
        turns.add(new Measured(kind, Duration.ZERO, round, RECORDS, result, verdict, failure, Optional.empty()));
    }

    private String row(Kind kind) {
        return new ProcessReport(turns)
                .table(Duration.ZERO)
                .lines()
                .filter(line -> line.contains("| " + kind.title() + " |"))
                .findAny()
                .orElseThrow();
    }
}
