package dev.semel.examples.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small runs of windows, started as a user starts them. How fast they are, and what memory they take, is not asserted. */
class WindowsRunsIT {

    @TempDir
    Path out;

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--out=" + out;
        return Benchmarks.execute(all);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(out.resolve(file), UTF_8);
    }

    @Test
    void resultsOfWindowsAreThoseOfTheModelAndWhoLosesSomeShowsIt() throws IOException {
        int code = run(
                "windows",
                "--rounds=1",
                "--events=6000",
                "--heap=256m",
                "--contestants=semel-rocksdb,semel-memory-before-commit,streams-rocksdb-updates,streams-suppress");

        assertThat(lines("windows.md").stream()
                        .filter(line -> line.startsWith("| Semel") || line.startsWith("| Kafka")))
                .hasSize(4)
                .allMatch(line -> line.endsWith("| exact |"));
        assertThat(code).isZero();
        assertThat(out.resolve("windows.svg")).isNotEmptyFile();
        assertThat(lines("windows.csv")).hasSize(5);
    }

    @Test
    void enginesHaveTheResultsOfTheHandWrittenLoop() throws IOException {
        int code = run(
                "engine", "--rounds=1", "--events=40000", "--warm-ups=1", "--measurements=2", "--quick", "--heap=512m");

        assertThat(lines("engine.md").stream().filter(line -> line.endsWith("| exact |")))
                .hasSize(4);
        assertThat(code).isZero();
        assertThat(lines("engine.csv"))
                .as("each engine, with keys of either kind, two measurements")
                .hasSize(1 + 4 * 2 * 2);
    }

    @Test
    void aLongRunOfWindowsTellsHeapAndStateAndThatResultsAreRight() throws IOException {
        int code = run("windows-soak", "--events=20000", "--sample=1", "--heap=256m");

        assertThat(code).as("in a moment, memory need not be flat").isIn(Benchmarks.CORRECT, Benchmarks.WRONG_RESULT);
        assertThat(lines("windows-soak.md"))
                .anyMatch(line -> line.startsWith("| heap"))
                .anyMatch(line -> line.startsWith("| state directory"))
                .anyMatch(line -> line.contains("20,000 events; results: exact"));
        assertThat(lines("windows-soak.csv")).hasSizeGreaterThan(1);
    }
}
