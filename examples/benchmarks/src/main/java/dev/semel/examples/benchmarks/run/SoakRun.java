package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Said;
import dev.semel.examples.benchmarks.contestant.Sample;
import dev.semel.examples.benchmarks.contestant.Settings;
import dev.semel.examples.benchmarks.workload.Feed;
import dev.semel.examples.benchmarks.workload.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Hours of load on one contestant. The feed stays ahead of what became visible by a bounded number of records, so the contestant
 * is never idle and the topics can forget what was read. Every output is checked as it comes. For one thread.
 */
public final class SoakRun {

    private static final long AHEAD = 100_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final SoakPlan plan;
    private final Progress progress;
    private final AtomicLong seen = new AtomicLong();

    /** On this broker. */
    public SoakRun(Cluster cluster, SoakPlan plan, Progress progress) {
        this.cluster = cluster;
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Runs for the duration, then lets what was sent come to its end.
     *
     * @param each is given every part when it has ended
     * @throws RunFailedException where the contestant ends by itself
     */
    public Soak run(Consumer<Soak.Minute> each) {
        cluster.createShort("input-soak");
        cluster.createShort("output-soak");
        var settings = new Settings(
                plan.kind(),
                cluster.bootstrapServers(),
                "input-soak",
                "output-soak",
                "group-soak",
                Duration.ZERO,
                plan.commitInterval(),
                0,
                plan.sample());
        try (ContestantProcess process = ContestantProcess.start(settings, plan.heap(), Optional.empty());
                OutputReader reader = new OutputReader(cluster.clientConfig(), "output-soak");
                SteadyFeed feed = new SteadyFeed(
                        Feed.inBulk(cluster.clientConfig(), new Load("input-soak")),
                        plan.perSecond(),
                        Long.MAX_VALUE,
                        () -> seen.get() + AHEAD)) {
            awaitFirst(process, reader, feed);
            List<Soak.Minute> minutes = minutes(process, reader, feed, each);
            feed.end();
            awaitRest(process, reader, feed);
            process.stop();
            return new Soak(minutes, reader.verdict(feed.sent()));
        }
    }

    /** Starting and joining are not what is measured. */
    private void awaitFirst(ContestantProcess process, OutputReader reader, SteadyFeed feed) {
        feed.start();
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (reader.records() == 0) {
            read(process, reader, feed);
            if (System.nanoTime() > deadlineNanos) {
                throw new RunFailedException(
                        "no output within " + PATIENCE.toSeconds() + " s: " + process.tail(), null);
            }
        }
    }

    private List<Soak.Minute> minutes(
            ContestantProcess process, OutputReader reader, SteadyFeed feed, Consumer<Soak.Minute> each) {
        List<Soak.Minute> minutes = new ArrayList<>();
        long startNanos = System.nanoTime();
        long endNanos = startNanos + plan.duration().toNanos();
        long now = startNanos;
        while (now < endNanos) {
            long fromNanos = now;
            long from = reader.records();
            progress.step(String.format(
                    "%s, %s of %s", plan.kind().id(), minutes(now - startNanos), minutes(endNanos - startNanos)));
            long toNanos = Math.min(endNanos, fromNanos + plan.sample().toNanos());
            while (now < toNanos) {
                read(process, reader, feed);
                progress.at(reader.records() - from, 0);
                now = System.nanoTime();
            }
            Soak.Minute minute = minute(
                    process, Duration.ofNanos(now - startNanos), (reader.records() - from) / ((now - fromNanos) / 1e9));
            minutes.add(minute);
            each.accept(minute);
            progress.done(String.format("%,.0f records/s, %.1f MB of heap", minute.rate(), minute.heapBytes() / 1e6));
        }
        return minutes;
    }

    private static String minutes(long nanos) {
        return String.format("%.1f min", nanos / 60e9);
    }

    private static Soak.Minute minute(ContestantProcess process, Duration end, double rate) {
        List<Sample> samples = Said.samples(process.output());
        Sample last = samples.isEmpty() ? new Sample(0, 0, 0, Duration.ZERO) : samples.get(samples.size() - 1);
        return new Soak.Minute(end, rate, last.heapBytes(), last.collections());
    }

    private void awaitRest(ContestantProcess process, OutputReader reader, SteadyFeed feed) {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadlineNanos && !(feed.isEnded() && reader.records() >= feed.sent())) {
            read(process, reader, feed);
        }
    }

    private void read(ContestantProcess process, OutputReader reader, SteadyFeed feed) {
        reader.read((dueNanos, seenNanos) -> {});
        seen.set(reader.records());
        feed.isEnded();
        if (!process.isAlive()) {
            throw new RunFailedException(plan.kind().id() + " has ended by itself: " + process.tail(), null);
        }
    }
}
