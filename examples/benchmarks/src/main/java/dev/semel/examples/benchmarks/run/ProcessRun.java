package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.contestant.Result;
import dev.semel.examples.benchmarks.contestant.Said;
import dev.semel.examples.benchmarks.contestant.Settings;
import dev.semel.examples.benchmarks.workload.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Throughput: each contestant in turn processes the same input to its end. The turns of a round follow each other at once, and
 * every other round goes backwards, so that what changes on the machine meanwhile meets all alike. For one thread.
 */
public final class ProcessRun {

    private static final Duration READ = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final ProcessPlan plan;
    private final Progress progress;
    private final Set<String> inputs = new HashSet<>();

    /** On this broker. */
    public ProcessRun(Cluster cluster, ProcessPlan plan, Progress progress) {
        this.cluster = cluster;
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Runs all rounds of all cases.
     *
     * @param each is given every turn when it has ended
     */
    public void run(Consumer<Measured> each) {
        for (Duration handler : plan.handlers()) {
            for (int round = 1; round <= plan.rounds(); round++) {
                for (Kind kind : order(handler, round)) {
                    each.accept(turn(kind, handler, round));
                }
            }
        }
    }

    private List<Kind> order(Duration handler, int round) {
        List<Kind> kinds = new ArrayList<>(
                plan.kinds().stream().filter(kind -> kind.takesPart(handler)).toList());
        if (round % 2 == 0) {
            Collections.reverse(kinds);
        }
        return kinds;
    }

    private Measured turn(Kind kind, Duration handler, int round) {
        long records = plan.records(kind, handler);
        String input = input(records);
        String name = kind.id() + "-" + handler.toMillis() + "ms-" + round;
        String output = "output-" + name;
        cluster.create(output);
        var settings = new Settings(
                kind,
                cluster.bootstrapServers(),
                input,
                output,
                "group-" + name,
                handler,
                plan.commitInterval(),
                records,
                Duration.ZERO);
        Optional<Path> recording = plan.recordings()
                .filter(directory -> kind.family().equals("Semel"))
                .map(directory -> directory.resolve(name + ".jfr"));
        progress.step(
                "round " + round + " of " + plan.rounds() + ", handler " + handler.toMillis() + " ms, " + kind.id());
        try (ContestantProcess process = ContestantProcess.start(settings, plan.heap(), recording)) {
            process.awaitEnd(progress);
            Measured measured = measured(settings, round, process, recording);
            progress.done(
                    measured.failure().isEmpty()
                            ? String.format("%,.0f records/s, %s", measured.rate(), measured.verdict())
                            : "FAILED: " + measured.failure());
            return measured;
        } finally {
            cluster.delete(output);
        }
    }

    private Measured measured(Settings settings, int round, ContestantProcess process, Optional<Path> recording) {
        Optional<Result> result = Said.result(process.output());
        Result none = new Result(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO);
        Verdict verdict = result.isPresent() ? verdict(settings) : new Verdict(settings.records(), 0, 0, 0);
        return new Measured(
                settings.kind(),
                settings.handler(),
                round,
                settings.records(),
                result.orElse(none),
                verdict,
                result.isPresent() ? "" : process.tail(),
                recording.filter(Files::exists));
    }

    private Verdict verdict(Settings settings) {
        if (!settings.kind().usesKafka()) {
            return new Verdict(settings.records(), settings.records(), 0, 0);
        }
        try (OutputReader reader = new OutputReader(cluster.clientConfig(), settings.output())) {
            reader.readTo(cluster.ends(settings.output()), READ);
            return reader.verdict(settings.records());
        }
    }

    /** One for each size, since the end of the input is the end of the run. */
    private String input(long records) {
        String topic = "input-" + records;
        if (inputs.add(topic)) {
            progress.step(String.format("filling %s with %,d records", topic, records));
            cluster.fill(topic, records);
            progress.done("done");
        }
        return topic;
    }
}
