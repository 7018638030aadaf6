package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.engine.EngineKind;
import dev.semel.examples.benchmarks.report.Charts;
import dev.semel.examples.benchmarks.report.ResultsPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.internal.chartpart.Chart;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands can be told. */
final class Options {

    @Option(
            names = "--contestants",
            paramLabel = "ID",
            split = ",",
            description =
                    "who takes part, in the order of their turns: ids with commas between them (default: as below)")
    private @Nullable List<String> contestants;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "the largest heap of a contestant, as -Xmx takes it (default: 1g; of an engine alone 4g)")
    private @Nullable String heap;

    @Option(
            names = "--commit-interval",
            paramLabel = "MS",
            defaultValue = "100",
            description = "how often contestants commit that have an interval (default: ${DEFAULT-VALUE})")
    private int commitInterval = 100;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "where tables, charts and raw figures are written (default: target/results beside this script)")
    private @Nullable Path out;

    @Option(names = "--docs", description = "also write table and charts into the project's docs/benchmarks.md")
    private boolean docs;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /** Those who take part: as told, among those that can, or else the default. */
    List<Kind> kinds(Predicate<Kind> suits, Predicate<Kind> byDefault) {
        if (contestants == null) {
            return List.of(Kind.values()).stream().filter(byDefault).toList();
        }
        try {
            List<Kind> told = contestants.stream().map(Kind::of).distinct().toList();
            told.stream().filter(suits.negate()).findAny().ifPresent(kind -> {
                throw wrong("--contestants: " + kind.id() + " cannot take part in this");
            });
            return told;
        } catch (IllegalArgumentException e) {
            throw wrong("--contestants: " + e.getMessage());
        }
    }

    /** The engines that take part: as told, or else all. */
    List<EngineKind> engines() {
        if (contestants == null) {
            return List.of(EngineKind.values());
        }
        try {
            return contestants.stream().map(EngineKind::of).distinct().toList();
        } catch (IllegalArgumentException e) {
            throw wrong("--contestants: " + e.getMessage());
        }
    }

    String heap() {
        return heap("1g");
    }

    String heap(String byDefault) {
        return heap == null ? byDefault : heap;
    }

    Duration commitInterval() {
        return Duration.ofMillis(atLeastOne("--commit-interval", commitInterval));
    }

    int atLeastOne(String option, int value) {
        if (value < 1) {
            throw wrong(option + " " + value + " must be at least 1");
        }
        return value;
    }

    ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }

    /** The directory for what is written, which is there now. */
    Path out() {
        try {
            return Files.createDirectories(out == null ? module().resolve("target/results") : out)
                    .toAbsolutePath();
        } catch (IOException e) {
            throw wrong("--out " + out + " cannot be made: " + e);
        }
    }

    /** Writes a text into a file of that directory. */
    void write(String name, String text) {
        try {
            Files.writeString(out().resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a chart into that directory and, where wanted, into the documentation; returns what shows it there. */
    String chart(String name, String alternative, Chart<?, ?> chart) throws IOException {
        Charts.write(chart, out().resolve(name + ".svg"));
        if (!docs) {
            return "\n";
        }
        Charts.write(chart, documentation().resolve("benchmarks-" + name + ".svg"));
        return "\n![" + alternative + "](benchmarks-" + name + ".svg)\n\n";
    }

    /** Shows what came out, writes it into that directory and, where wanted, into the documentation. */
    void publish(String name, String text) throws IOException {
        write(name + ".md", text);
        System.out.print(text);
        if (docs) {
            new ResultsPage(documentation().resolve("benchmarks.md")).rewrite(name, text);
        }
    }

    private static Path documentation() {
        return module().resolve("../../docs").normalize();
    }

    /** The command as it was called, to be called again. */
    String command() {
        return spec == null
                ? ""
                : "examples/benchmarks/run "
                        + String.join(
                                " ",
                                spec.commandLine().getParent().getParseResult().originalArgs());
    }

    /** Told by the script that starts this. */
    private static Path module() {
        return Path.of(System.getProperty("benchmarks.module", ".")).toAbsolutePath();
    }
}
