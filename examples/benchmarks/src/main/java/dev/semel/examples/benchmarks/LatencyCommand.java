package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.report.LatencyReport;
import dev.semel.examples.benchmarks.report.Machine;
import dev.semel.examples.benchmarks.run.Cluster;
import dev.semel.examples.benchmarks.run.Latency;
import dev.semel.examples.benchmarks.run.LatencyPlan;
import dev.semel.examples.benchmarks.run.LatencyRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Latency. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "Latency: records are sent at a steady rate, and each is timed from when it was due to be sent until a reader of"
                    + " the output at read_committed has it. A sender that is late does not make it look better.",
            ""
        },
        footer = {
            "",
            "Contestants: loop, semel-partition and semel-key-16 by default; all but ceiling-256 can",
            "Written: latency.csv, latency.md, latency.svg"
        })
final class LatencyCommand implements Callable<Integer> {

    private static final Set<Kind> DEFAULT = EnumSet.of(Kind.LOOP, Kind.SEMEL_PARTITION, Kind.SEMEL_KEY_16);

    @Mixin
    private Options options = new Options();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each has its turn (default: 5; with --quick: 1)")
    private @Nullable Integer rounds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "5000",
            description = "how many records are sent a second (default: ${DEFAULT-VALUE})")
    private int rate = 5_000;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            description = "for how many seconds nothing is counted (default: 15; with --quick: 5)")
    private @Nullable Integer warmUp;

    @Option(
            names = "--duration",
            paramLabel = "S",
            description = "for how many seconds it is counted (default: 30; with --quick: 5)")
    private @Nullable Integer duration;

    @Option(names = "--quick", description = "one short round: to see that it works")
    private boolean quick;

    @Override
    public Integer call() throws IOException {
        LatencyPlan plan = plan();
        Machine machine = Machine.here();
        List<Latency> all = new ArrayList<>();
        try (Cluster cluster = Cluster.start()) {
            new LatencyRun(cluster, plan, ProgressOnConsole.create()).run(turn -> {
                all.add(turn);
                options.write("latency.csv", new LatencyReport(all).csv());
            });
        }
        var report = new LatencyReport(all);
        String text = report.table()
                + options.chart("latency", "Latency by percentile", report.chart())
                + String.format(
                        "%,d records a second, counted for %d s after %d s of warm-up; medians of %d rounds; the handler"
                                + " does nothing; commit interval %d ms. ",
                        plan.perSecond(),
                        plan.duration().toSeconds(),
                        plan.warmUp().toSeconds(),
                        plan.rounds(),
                        plan.commitInterval().toMillis())
                + machine.describe(plan.heap(), Cluster.BROKER_HEAP, options.command());
        options.publish("latency", text);
        return all.stream().allMatch(Latency::isCorrect) ? Benchmarks.CORRECT : Benchmarks.WRONG_RESULT;
    }

    private LatencyPlan plan() {
        return new LatencyPlan(
                options.kinds(Kind::movesRecords, DEFAULT::contains),
                options.atLeastOne("--rounds", rounds == null ? (quick ? 1 : 5) : rounds),
                options.atLeastOne("--rate", rate),
                Duration.ofSeconds(options.atLeastOne("--warm-up", warmUp == null ? (quick ? 5 : 15) : warmUp)),
                Duration.ofSeconds(options.atLeastOne("--duration", duration == null ? (quick ? 5 : 30) : duration)),
                options.commitInterval(),
                options.heap());
    }
}
