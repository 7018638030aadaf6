package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.report.Machine;
import dev.semel.examples.benchmarks.report.WindowsReport;
import dev.semel.examples.benchmarks.run.Cluster;
import dev.semel.examples.benchmarks.run.WindowsPlan;
import dev.semel.examples.benchmarks.run.WindowsRun;
import dev.semel.examples.benchmarks.run.WindowsTurn;
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

/** Windows in Kafka Streams. */
@Command(
        name = "windows",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "Windows: each contestant counts events by key and minute in Kafka Streams, exactly once: 10 minutes of event time,"
                    + " 4 partitions, 10,000 keys, up to 5 s of disorder, 5 s of lateness. The clock runs from the first"
                    + " record until the group's committed offsets are the end of the input. What comes out is compared"
                    + " with counts that are computed from the input; who loses results is marked.",
            ""
        },
        footer = {
            "",
            "Contestants: semel-rocksdb, semel-memory, semel-rocksdb-before-commit, semel-memory-before-commit,"
                    + " streams-rocksdb-updates, streams-rocksdb-close, streams-memory-close, streams-suppress",
            "Written: windows.csv, windows.md, windows.svg"
        })
final class WindowsCommand implements Callable<Integer> {

    private static final int EVENTS = 1_000_000;
    private static final int EVENTS_QUICKLY = 100_000;

    @Mixin
    private Options options = new Options();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each has its turn (default: 5; with --quick: 1)")
    private @Nullable Integer rounds;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "how many events (default: 1000000; with --quick: 100000)")
    private @Nullable Integer events;

    @Option(names = "--quick", description = "one round over a tenth of the events: to see that it works")
    private boolean quick;

    @Override
    public Integer call() throws IOException {
        var plan = new WindowsPlan(
                options.kinds(WindowsCommand::isOfWindows, WindowsCommand::isOfWindows),
                options.atLeastOne("--rounds", rounds == null ? (quick ? 1 : 5) : rounds),
                options.atLeastOne("--events", events == null ? (quick ? EVENTS_QUICKLY : EVENTS) : events),
                options.commitInterval(),
                options.heap());
        Machine machine = Machine.here();
        List<WindowsTurn> all = new ArrayList<>();
        try (Cluster cluster = Cluster.start()) {
            new WindowsRun(cluster, plan, ProgressOnConsole.create()).run(turn -> {
                all.add(turn);
                options.write("windows.csv", new WindowsReport(all).csv());
            });
        }
        var report = new WindowsReport(all);
        Optional<CategoryChart> chart = report.chart();
        options.publish(
                "windows",
                report.table()
                        + (chart.isPresent()
                                ? options.chart("windows", "Records a second, by key and minute", chart.get())
                                : "\n")
                        + String.format("Medians of %,d rounds over %,d events. ", plan.rounds(), plan.events())
                        + machine.describe(plan.heap(), Cluster.BROKER_HEAP, options.command()));
        return all.stream().allMatch(WindowsTurn::isCorrect) ? Benchmarks.CORRECT : Benchmarks.WRONG_RESULT;
    }

    private static boolean isOfWindows(Kind kind) {
        return kind.workload() == Kind.Workload.WINDOWS;
    }
}
