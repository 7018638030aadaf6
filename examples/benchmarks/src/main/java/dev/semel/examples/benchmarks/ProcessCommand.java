package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.report.Machine;
import dev.semel.examples.benchmarks.report.ProcessReport;
import dev.semel.examples.benchmarks.report.ProfileReport;
import dev.semel.examples.benchmarks.run.Cluster;
import dev.semel.examples.benchmarks.run.Measured;
import dev.semel.examples.benchmarks.run.ProcessPlan;
import dev.semel.examples.benchmarks.run.ProcessRun;
import dev.semel.examples.benchmarks.run.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Throughput. */
@Command(
        name = "process",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "Throughput: each contestant reads a topic of 4 partitions (200-byte values, 10,000 keys), handles each record and"
                    + " sends one for it, exactly once. The clock runs from the first record that is handed to the"
                    + " handler (the JVM is up, the clients are connected, the group is joined) until the group's"
                    + " committed offsets are the end of the input.",
            ""
        },
        footer = {
            "",
            "Contestants: loop, semel-partition, semel-key-16, semel-key-16-marks, semel-key-256, loop-per-poll, streams,"
                    + " streams-4, spring, spring-4, parallel-16, parallel-256, ceiling-256",
            "Written: process.csv, process.md, process-<case>.svg"
        })
final class ProcessCommand implements Callable<Integer> {

    private static final int QUICK_PART = 10;

    @Mixin
    private Options options = new Options();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each has its turn (default: 5; with --quick: 1)")
    private @Nullable Integer rounds;

    @Option(
            names = "--records",
            paramLabel = "N",
            description =
                    "how many records where handlers do nothing (default: 1000000; with --quick: 100000); a tenth of them for"
                            + " Parallel Consumer")
    private @Nullable Integer records;

    @Option(
            names = "--blocked-records",
            paramLabel = "N",
            description =
                    "how many records where handlers block (default: 50000; with --quick: 5000); a fifth of them for"
                            + " contestants that handle fewer than 16 at a time")
    private @Nullable Integer blockedRecords;

    @Option(
            names = "--handlers",
            paramLabel = "MS",
            split = ",",
            defaultValue = "0,1",
            description = "how long handlers block, in ms, one case each (default: ${DEFAULT-VALUE})")
    private List<Integer> handlers = List.of();

    @Option(names = "--quick", description = "one round over a tenth of the records: to see that it works")
    private boolean quick;

    @Option(
            names = "--profile",
            description = "keep a flight recording (.jfr) of each turn of Semel, and say where its time went")
    private boolean profile;

    @Override
    public Integer call() throws IOException {
        ProcessPlan plan = plan();
        Progress progress = ProgressOnConsole.create();
        Machine machine = Machine.here();
        List<Measured> all = new ArrayList<>();
        try (Cluster cluster = Cluster.start()) {
            new ProcessRun(cluster, plan, progress).run(turn -> {
                all.add(turn);
                options.write("process.csv", new ProcessReport(all).csv());
            });
        }
        write(new ProcessReport(all), plan, machine);
        for (Measured turn : all) {
            if (turn.recording().isPresent()) {
                profile(turn.recording().get());
            }
        }
        return all.stream().allMatch(Measured::isCorrect) ? Benchmarks.CORRECT : Benchmarks.WRONG_RESULT;
    }

    private ProcessPlan plan() {
        int part = quick ? QUICK_PART : 1;
        int blocked = options.atLeastOne("--blocked-records", blockedRecords == null ? 50_000 / part : blockedRecords);
        handlers.forEach(millis -> {
            if (millis < 0) {
                throw options.wrong("--handlers " + millis + " must be at least 0");
            }
        });
        return new ProcessPlan(
                options.kinds(
                        kind -> kind.workload() == Kind.Workload.RECORDS,
                        kind -> kind.workload() == Kind.Workload.RECORDS),
                handlers.stream().map(Duration::ofMillis).distinct().toList(),
                options.atLeastOne("--rounds", rounds == null ? (quick ? 1 : 5) : rounds),
                options.atLeastOne("--records", records == null ? 1_000_000 / part : records),
                blocked,
                Math.max(1, blocked / 5),
                options.commitInterval(),
                options.heap(),
                profile ? Optional.of(options.out()) : Optional.empty());
    }

    private void profile(Path recording) throws IOException {
        String name = recording.getFileName().toString();
        String text = name + ": " + ProfileReport.of(recording).text();
        options.write(name + ".txt", text);
        System.out.println();
        System.out.print(text);
    }

    private void write(ProcessReport report, ProcessPlan plan, Machine machine) throws IOException {
        var text = new StringBuilder();
        for (Duration handler : report.cases()) {
            text.append(
                    handler.isZero()
                            ? "**The handler does nothing:**"
                            : "**The handler blocks " + handler.toMillis() + " ms:**");
            text.append("\n\n").append(report.table(handler));
            Optional<CategoryChart> chart = report.chart(handler);
            text.append(
                    chart.isPresent()
                            ? options.chart("process-" + ProcessReport.name(handler), "Records a second", chart.get())
                            : "\n");
        }
        text.append(String.format("Medians of %d rounds. ", plan.rounds()))
                .append(machine.describe(plan.heap(), Cluster.BROKER_HEAP, options.command()));
        options.publish("process", text.toString());
    }
}
