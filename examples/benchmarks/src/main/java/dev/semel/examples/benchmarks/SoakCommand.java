package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.report.Machine;
import dev.semel.examples.benchmarks.report.SoakReport;
import dev.semel.examples.benchmarks.run.Cluster;
import dev.semel.examples.benchmarks.run.Soak;
import dev.semel.examples.benchmarks.run.SoakPlan;
import dev.semel.examples.benchmarks.run.SoakRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A long run. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "A long run: one contestant under load, with its throughput and its heap after a full collection for each minute."
                    + " Every output is checked as it comes.",
            ""
        },
        footer = {
            "",
            "Contestants: semel-key-16 by default; one of all but ceiling-256",
            "Written: soak.csv, soak.md, soak.svg"
        })
final class SoakCommand implements Callable<Integer> {

    @Mixin
    private Options options = new Options();

    @Option(
            names = "--duration",
            paramLabel = "MIN",
            description = "for how many minutes (default: 60; with --quick: 1)")
    private @Nullable Integer duration;

    @Option(
            names = "--sample",
            paramLabel = "S",
            description = "how many seconds a line of the table is (default: 60; with --quick: 5)")
    private @Nullable Integer sample;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "how many records are sent a second; 0 for as many as it can take (default: ${DEFAULT-VALUE})")
    private int rate;

    @Option(names = "--quick", description = "a minute: to see that it works")
    private boolean quick;

    @Override
    public Integer call() throws IOException {
        SoakPlan plan = plan();
        Machine machine = Machine.here();
        List<Soak.Minute> minutes = new ArrayList<>();
        Soak soak;
        try (Cluster cluster = Cluster.start()) {
            soak = new SoakRun(cluster, plan, ProgressOnConsole.create()).run(minute -> {
                minutes.add(minute);
                options.write("soak.csv", new SoakReport(minutes).csv());
            });
        }
        var report = new SoakReport(soak.minutes());
        String text = report.table()
                + options.chart(
                        "soak",
                        "Throughput and heap over time",
                        report.chart(plan.kind().id()))
                + String.format(
                        "%s, %s; output: %s (%,d records). %s ",
                        plan.kind().title(),
                        plan.perSecond() == 0
                                ? "as many records as it takes"
                                : String.format("%,d records a second", plan.perSecond()),
                        soak.verdict(),
                        soak.verdict().records(),
                        report.drift())
                + machine.describe(plan.heap(), Cluster.BROKER_HEAP, options.command());
        options.publish("soak", text);
        return soak.verdict().isExact() ? Benchmarks.CORRECT : Benchmarks.WRONG_RESULT;
    }

    private SoakPlan plan() {
        List<Kind> kinds = options.kinds(Kind::movesRecords, kind -> kind == Kind.SEMEL_KEY_16);
        if (kinds.size() != 1) {
            throw options.wrong("--contestants: one at a time");
        }
        if (rate < 0) {
            throw options.wrong("--rate " + rate + " must be at least 0");
        }
        return new SoakPlan(
                kinds.get(0),
                Duration.ofMinutes(options.atLeastOne("--duration", duration == null ? (quick ? 1 : 60) : duration)),
                Duration.ofSeconds(options.atLeastOne("--sample", sample == null ? (quick ? 5 : 60) : sample)),
                rate,
                options.commitInterval(),
                options.heap());
    }
}
