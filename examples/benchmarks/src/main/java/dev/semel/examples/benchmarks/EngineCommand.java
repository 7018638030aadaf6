package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.engine.EnginePlan;
import dev.semel.examples.benchmarks.engine.EngineRun;
import dev.semel.examples.benchmarks.engine.EngineTurn;
import dev.semel.examples.benchmarks.report.EngineReport;
import dev.semel.examples.benchmarks.report.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Engines of windows alone. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "Engines of windows alone, on one thread, without Kafka: events in memory are counted and summed by key and minute;"
                    + " 10,000 keys, all alike and by Zipf, 3 sources, 5 s of disorder and of lateness, one in a hundred"
                    + " too late. Results are compared with those of a hand-written loop. Keys and values are made"
                    + " beforehand, each the same object whenever it comes.",
            ""
        },
        footer = {
            "",
            "Contestants: loop, semel, flink, jet",
            "Written: engine.csv, engine.md, engine.svg; there is no broker, so --commit-interval has no effect"
        })
final class EngineCommand implements Callable<Integer> {

    private static final String HEAP = "4g";
    private static final int EVENTS = 20_000_000;
    private static final int EVENTS_QUICKLY = 1_000_000;
    private static final int OPEN_KEYS = 1_000_000;
    private static final int OPEN_KEYS_QUICKLY = 100_000;

    @Mixin
    private Options options = new Options();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each has its turn in a fresh JVM (default: 5; with --quick: 1)")
    private @Nullable Integer rounds;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "how many events (default: 20000000; with --quick: 1000000)")
    private @Nullable Integer events;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "3",
            description = "how often a JVM goes through them before it measures (default: ${DEFAULT-VALUE})")
    private int warmUps = 3;

    @Option(
            names = "--measurements",
            paramLabel = "N",
            defaultValue = "5",
            description = "how often it goes through them after that (default: ${DEFAULT-VALUE})")
    private int measurements = 5;

    @Option(names = "--quick", description = "one round over a twentieth of the events: to see that it works")
    private boolean quick;

    @Override
    public Integer call() throws IOException {
        var plan = new EnginePlan(
                options.engines(),
                options.atLeastOne("--rounds", rounds == null ? (quick ? 1 : 5) : rounds),
                options.atLeastOne("--events", events == null ? (quick ? EVENTS_QUICKLY : EVENTS) : events),
                options.atLeastOne("--warm-ups", warmUps),
                options.atLeastOne("--measurements", measurements),
                quick ? OPEN_KEYS_QUICKLY : OPEN_KEYS,
                options.heap(HEAP));
        Machine machine = Machine.here();
        List<EngineTurn> all = new ArrayList<>();
        new EngineRun(plan, ProgressOnConsole.create()).run(turn -> {
            all.add(turn);
            options.write("engine.csv", new EngineReport(all).csv());
        });
        var report = new EngineReport(all);
        Optional<CategoryChart> chart = report.chart();
        options.publish(
                "engine",
                report.table()
                        + (chart.isPresent()
                                ? options.chart("engine", "Millions of events a second, engines alone", chart.get())
                                : "\n")
                        + String.format(
                                "Medians of %,d rounds over %,d events; a key in a window with %,d keys. ",
                                plan.rounds(), plan.events(), plan.openKeys())
                        + machine.describe(plan.heap(), options.command()));
        return all.stream().allMatch(EngineTurn::isCorrect) ? Benchmarks.CORRECT : Benchmarks.WRONG_RESULT;
    }
}
