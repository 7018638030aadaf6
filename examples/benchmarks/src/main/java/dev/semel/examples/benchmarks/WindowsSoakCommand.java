package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.report.Machine;
import dev.semel.examples.benchmarks.report.WindowsSoakReport;
import dev.semel.examples.benchmarks.run.Cluster;
import dev.semel.examples.benchmarks.run.WindowsSoak;
import dev.semel.examples.benchmarks.run.WindowsSoakPlan;
import dev.semel.examples.benchmarks.run.WindowsSoakRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A long run of windows. */
@Command(
        name = "windows-soak",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "A long run of windows: events of a hundred keys, a hundred in each minute of event time, window after window"
                    + " through one contestant. Heap after a full collection and the size of the state directory are told"
                    + " at 20 % and at 100 % of the events; the exit code is 1 where they differ by 5 % or more, or a"
                    + " result is not as it has to be.",
            ""
        },
        footer = {
            "",
            "Contestants: semel-rocksdb by default; one of those of windows that send no updates",
            "Written: windows-soak.csv, windows-soak.md, windows-soak.svg"
        })
final class WindowsSoakCommand implements Callable<Integer> {

    private static final int EVENTS = 100_000_000;
    private static final int EVENTS_QUICKLY = 200_000;

    @Mixin
    private Options options = new Options();

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "how many events (default: 100000000, of a million windows; with --quick: 200000)")
    private @Nullable Integer events;

    @Option(
            names = "--minutes",
            paramLabel = "MIN",
            defaultValue = "240",
            description =
                    "after how many minutes it ends, if not all events are sent by then (default: ${DEFAULT-VALUE})")
    private int minutes = 240;

    @Option(
            names = "--sample",
            paramLabel = "S",
            description = "how often heap and state directory are looked at, in s (default: 10; with --quick: 1)")
    private @Nullable Integer sample;

    @Option(names = "--quick", description = "a minute: to see that it works")
    private boolean quick;

    @Override
    public Integer call() throws IOException {
        WindowsSoakPlan plan = plan();
        Machine machine = Machine.here();
        WindowsSoak soak;
        try (Cluster cluster = Cluster.start()) {
            soak = new WindowsSoakRun(cluster, plan, ProgressOnConsole.create()).run();
        }
        var report = new WindowsSoakReport(soak);
        options.write("windows-soak.csv", report.csv());
        options.publish(
                "windows-soak",
                report.table()
                        + options.chart(
                                "windows-soak",
                                "Heap and state directory over the events",
                                report.chart(plan.kind().id()))
                        + String.format(
                                "%s; %,d events; results: %s (%,d). Each point is the median of the five samples nearest. ",
                                plan.kind().title(),
                                soak.events(),
                                soak.verdict(),
                                soak.verdict().right())
                        + machine.describe(plan.heap(), Cluster.BROKER_HEAP, options.command()));
        return soak.isFlat() && soak.verdict().isExact() ? Benchmarks.CORRECT : Benchmarks.WRONG_RESULT;
    }

    private WindowsSoakPlan plan() {
        List<Kind> kinds = options.kinds(
                kind -> kind.workload() == Kind.Workload.WINDOWS && !kind.sendsUpdates(),
                kind -> kind == Kind.SEMEL_ROCKSDB);
        if (kinds.size() != 1) {
            throw options.wrong("--contestants: one at a time");
        }
        return new WindowsSoakPlan(
                kinds.get(0),
                options.atLeastOne("--events", events == null ? (quick ? EVENTS_QUICKLY : EVENTS) : events),
                Duration.ofMinutes(options.atLeastOne("--minutes", minutes)),
                Duration.ofSeconds(options.atLeastOne("--sample", sample == null ? (quick ? 1 : 10) : sample)),
                options.commitInterval(),
                options.heap());
    }
}
