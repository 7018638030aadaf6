package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.contestant.Settings;
import dev.semel.examples.benchmarks.workload.Feed;
import dev.semel.examples.benchmarks.workload.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Latency under a steady load: from when a record was due to be sent until a reader of the output at {@code read_committed} has
 * it. Sender and reader are threads of this process, so both read one clock. For one thread.
 */
public final class LatencyRun {

    /** What comes later than this after the last record was due is taken for lost. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long LONGEST_MICROS = 120_000_000;
    private static final int DIGITS = 3;

    private final Cluster cluster;
    private final LatencyPlan plan;
    private final Progress progress;

    /** On this broker. */
    public LatencyRun(Cluster cluster, LatencyPlan plan, Progress progress) {
        this.cluster = cluster;
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Runs all rounds.
     *
     * @param each is given every turn when it has ended
     */
    public void run(Consumer<Latency> each) {
        for (int round = 1; round <= plan.rounds(); round++) {
            List<Kind> order = new ArrayList<>(plan.kinds());
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (Kind kind : order) {
                each.accept(turn(kind, round));
            }
        }
    }

    private Latency turn(Kind kind, int round) {
        String name = kind.id() + "-latency-" + round;
        String input = "input-" + name;
        String output = "output-" + name;
        cluster.create(input);
        cluster.create(output);
        var settings = new Settings(
                kind,
                cluster.bootstrapServers(),
                input,
                output,
                "group-" + name,
                Duration.ZERO,
                plan.commitInterval(),
                0,
                Duration.ZERO);
        long all = plan.warmUp().plus(plan.duration()).toMillis() * plan.perSecond() / 1000;
        progress.step("round " + round + " of " + plan.rounds() + ", " + kind.id());
        try (ContestantProcess process = ContestantProcess.start(settings, plan.heap(), Optional.empty());
                OutputReader reader = new OutputReader(cluster.clientConfig(), output);
                SteadyFeed feed = new SteadyFeed(
                        Feed.prompt(cluster.clientConfig(), new Load(input)),
                        plan.perSecond(),
                        all,
                        () -> Long.MAX_VALUE)) {
            Latency latency = measure(kind, round, process, reader, feed, all);
            progress.done(
                    latency.failure().isEmpty()
                            ? String.format(
                                    "p50 %.1f ms, p99 %.1f ms, max %.1f ms, %s",
                                    latency.millis(50), latency.millis(99), latency.millis(100), latency.verdict())
                            : "FAILED: " + latency.failure());
            process.stop();
            return latency;
        } finally {
            cluster.delete(input);
            cluster.delete(output);
        }
    }

    private Latency measure(
            Kind kind, int round, ContestantProcess process, OutputReader reader, SteadyFeed feed, long all) {
        var micros = new Histogram(LONGEST_MICROS, DIGITS);
        feed.start();
        long startNanos = System.nanoTime();
        long warmNanos = startNanos + plan.warmUp().toNanos();
        long deadlineNanos = warmNanos + plan.duration().plus(PATIENCE).toNanos();
        String failure = "";
        while (reader.records() < all && System.nanoTime() < deadlineNanos && failure.isEmpty()) {
            reader.read((dueNanos, seenNanos) -> {
                if (dueNanos >= warmNanos) {
                    micros.recordValue(Math.min(LONGEST_MICROS, (seenNanos - dueNanos) / 1_000));
                }
            });
            progress.at(reader.records(), all);
            feed.isEnded();
            failure = process.isAlive() ? "" : "ended by itself: " + process.tail();
        }
        return new Latency(kind, round, micros, reader.verdict(all), failure);
    }
}
