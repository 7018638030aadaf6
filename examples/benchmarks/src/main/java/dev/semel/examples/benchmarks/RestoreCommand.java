package dev.semel.examples.benchmarks;

import dev.semel.examples.benchmarks.report.Machine;
import dev.semel.examples.benchmarks.report.RestoreReport;
import dev.semel.examples.benchmarks.run.Cluster;
import dev.semel.examples.benchmarks.run.RestorePlan;
import dev.semel.examples.benchmarks.run.RestoreRun;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Restores of an idempotency store. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "",
            "How long an instance with an idempotency store in Kafka takes to know what the group has handled, and how much heap"
                    + " that needs: so many events are marked, and then restored in fresh JVMs.",
            ""
        },
        footer = {"", "Contestants: semel-key-16-marks, no other", "Written: restore.md"})
final class RestoreCommand implements Callable<Integer> {

    private static final int EVENTS = 10_000_000;
    private static final int EVENTS_QUICKLY = 200_000;

    @Mixin
    private Options options = new Options();

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "how many events (default: 10000000; with --quick: 200000)")
    private @Nullable Integer events;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "how often they are restored (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--quick", description = "a minute: to see that it works")
    private boolean quick;

    @Override
    public Integer call() throws IOException {
        options.kinds(kind -> kind == RestoreRun.KIND, kind -> kind == RestoreRun.KIND);
        var plan = new RestorePlan(
                options.atLeastOne("--events", events == null ? (quick ? EVENTS_QUICKLY : EVENTS) : events),
                options.atLeastOne("--rounds", rounds),
                options.commitInterval(),
                options.heap());
        Machine machine = Machine.here();
        RestoreReport report;
        try (Cluster cluster = Cluster.start()) {
            report = new RestoreReport(plan.events(), new RestoreRun(cluster, plan, ProgressOnConsole.create()).run());
        }
        options.publish(
                "restore",
                report.table()
                        + String.format("%nMedians of %,d rounds. ", plan.rounds())
                        + machine.describe(plan.heap(), Cluster.BROKER_HEAP, options.command()));
        return Benchmarks.CORRECT;
    }
}
