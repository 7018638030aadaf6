package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.contestant.RestoreMain;
import dev.semel.examples.benchmarks.contestant.Restored;
import dev.semel.examples.benchmarks.contestant.Said;
import dev.semel.examples.benchmarks.contestant.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Restores: a processor with an idempotency store marks as many events as are to be restored and ends; others of its group then take
 * up its partitions one after the other, each in a fresh JVM. For one thread.
 */
public final class RestoreRun {

    /** Who is restored. */
    public static final Kind KIND = Kind.SEMEL_KEY_16_MARKS;

    private static final String INPUT = "input-restore";
    private static final String OUTPUT = "output-restore";

    private final Cluster cluster;
    private final RestorePlan plan;
    private final Progress progress;

    /** On this broker. */
    public RestoreRun(Cluster cluster, RestorePlan plan, Progress progress) {
        this.cluster = cluster;
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Marks the events, and restores them.
     *
     * @throws RunFailedException where a process ends by itself, or restores more or fewer marks than were made
     */
    public List<Restored> run() {
        var settings = new Settings(
                KIND,
                cluster.bootstrapServers(),
                INPUT,
                OUTPUT,
                "group-restore",
                Duration.ZERO,
                plan.commitInterval(),
                plan.events(),
                Duration.ZERO);
        cluster.createShort(OUTPUT);
        progress.step(String.format("filling %s with %,d events", INPUT, plan.events()));
        cluster.fill(INPUT, plan.events());
        progress.done("done");
        progress.step("marking them");
        try (ContestantProcess process = ContestantProcess.start(settings, plan.heap(), Optional.empty())) {
            process.awaitEnd(progress);
            if (Said.result(process.output()).isEmpty()) {
                throw new RunFailedException("the events were not marked: " + process.tail(), null);
            }
        }
        progress.done("done");
        List<Restored> restored = new ArrayList<>();
        for (int round = 1; round <= plan.rounds(); round++) {
            progress.step("restore " + round + " of " + plan.rounds());
            restored.add(restore(settings));
            progress.done("done");
        }
        return restored;
    }

    private Restored restore(Settings settings) {
        try (ContestantProcess process = ContestantProcess.start(RestoreMain.class, settings, plan.heap(), List.of())) {
            process.awaitEnd(progress);
            Restored restored = Said.restored(process.output())
                    .orElseThrow(() -> new RunFailedException("the marks were not restored: " + process.tail(), null));
            if (restored.marks() != plan.events()) {
                throw new RunFailedException(
                        String.format("%,d marks were made, and %,d restored", plan.events(), restored.marks()), null);
            }
            return restored;
        }
    }
}
