package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Said;
import dev.semel.examples.benchmarks.contestant.Settings;
import dev.semel.examples.benchmarks.workload.Feed;
import dev.semel.examples.benchmarks.workload.Shape;
import dev.semel.examples.benchmarks.workload.WindowCheck;
import dev.semel.examples.benchmarks.workload.WindowLoad;
import dev.semel.examples.benchmarks.workload.WindowModel;
import java.time.Duration;
import java.util.Optional;

/**
 * Many windows one after the other through one contestant. The feed stays ahead of the results by a bounded number of them, so that
 * topics can forget what was read. Every result is checked as it comes. For one thread.
 */
public final class WindowsSoakRun {

    private static final long AHEAD = 50_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String INPUT = "input-windows-soak";
    private static final String OUTPUT = "output-windows-soak";

    private final Cluster cluster;
    private final WindowsSoakPlan plan;
    private final Progress progress;
    private final WindowCheck check = new WindowCheck(false);

    /** On this broker. */
    public WindowsSoakRun(Cluster cluster, WindowsSoakPlan plan, Progress progress) {
        this.cluster = cluster;
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Runs until all events are sent or the time is over, then lets what was sent come to its end.
     *
     * @throws RunFailedException where the contestant ends by itself, or has said nothing of itself
     */
    public WindowsSoak run() {
        cluster.createShort(INPUT);
        cluster.createShort(OUTPUT);
        var settings = new Settings(
                plan.kind(),
                cluster.bootstrapServers(),
                INPUT,
                OUTPUT,
                "windows-soak",
                Duration.ZERO,
                plan.commitInterval(),
                0,
                plan.sample());
        var load = new WindowLoad(
                INPUT, Shape.successive(plan.events(), System.currentTimeMillis()), new WindowModel(check::expect));
        progress.step(plan.kind().id() + ", results");
        try (ContestantProcess process = ContestantProcess.start(settings, plan.heap(), Optional.empty());
                WindowReader reader = new WindowReader(cluster.clientConfig(), OUTPUT, check);
                SteadyFeed feed = new SteadyFeed(
                        Feed.inBulk(cluster.clientConfig(), load),
                        0,
                        plan.events(),
                        () -> check.outstanding() < AHEAD ? Long.MAX_VALUE : 0)) {
            feed.start();
            long endNanos = System.nanoTime() + plan.atMost().toNanos();
            while (!feed.isEnded() && System.nanoTime() < endNanos) {
                read(process, reader);
            }
            feed.end();
            long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < deadlineNanos
                    && !(feed.isEnded() && check.outstanding() == 0 && hasSaid(process, feed.sent()))) {
                read(process, reader);
            }
            process.stop();
            progress.done(String.format("%,d results of %,d events", check.results(), feed.sent()));
            return new WindowsSoak(Said.samples(process.output()), feed.sent(), check.verdict());
        }
    }

    /** Whether it has said what it takes when all was done. */
    private static boolean hasSaid(ContestantProcess process, long events) {
        return Said.samples(process.output()).stream().anyMatch(sample -> sample.handled() >= events);
    }

    private void read(ContestantProcess process, WindowReader reader) {
        reader.read();
        progress.at(check.results(), 0);
        if (!process.isAlive()) {
            throw new RunFailedException(plan.kind().id() + " has ended by itself: " + process.tail(), null);
        }
    }
}
