package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.contestant.Result;
import dev.semel.examples.benchmarks.contestant.Said;
import dev.semel.examples.benchmarks.contestant.Settings;
import dev.semel.examples.benchmarks.workload.Shape;
import dev.semel.examples.benchmarks.workload.WindowCheck;
import dev.semel.examples.benchmarks.workload.WindowLoad;
import dev.semel.examples.benchmarks.workload.WindowModel;
import dev.semel.examples.benchmarks.workload.WindowVerdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Windows: each contestant in turn counts the same events to their end, and its results are compared with a model's. The turns of a
 * round follow each other at once, and every other round goes backwards. For one thread.
 */
public final class WindowsRun {

    private static final Duration READ = Duration.ofSeconds(60);
    private static final String INPUT = "input-windows";

    /** A result that has to come. */
    private record Final(int key, long start, long count) {}

    private final Cluster cluster;
    private final WindowsPlan plan;
    private final Progress progress;
    private final List<Final> finals = new ArrayList<>();

    /** On this broker. */
    public WindowsRun(Cluster cluster, WindowsPlan plan, Progress progress) {
        this.cluster = cluster;
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Runs all rounds.
     *
     * @param each is given every turn when it has ended
     */
    public void run(Consumer<WindowsTurn> each) {
        progress.step(String.format("filling %s with %,d events", INPUT, plan.events()));
        var model = new WindowModel((key, start, count) -> finals.add(new Final(key, start, count)));
        Shape shape = Shape.workloadW(plan.events(), System.currentTimeMillis());
        cluster.fill(INPUT, plan.events(), new WindowLoad(INPUT, shape, model));
        progress.done(String.format("%,d results have to come", finals.size()));
        for (int round = 1; round <= plan.rounds(); round++) {
            List<Kind> kinds = new ArrayList<>(plan.kinds());
            if (round % 2 == 0) {
                Collections.reverse(kinds);
            }
            for (Kind kind : kinds) {
                each.accept(turn(kind, round));
            }
        }
    }

    private WindowsTurn turn(Kind kind, int round) {
        String name = kind.id() + "-" + round;
        String output = "output-windows-" + name;
        cluster.create(output);
        var settings = new Settings(
                kind,
                cluster.bootstrapServers(),
                INPUT,
                output,
                "windows-" + name,
                Duration.ZERO,
                plan.commitInterval(),
                plan.events(),
                Duration.ZERO);
        progress.step("round " + round + " of " + plan.rounds() + ", " + kind.id());
        try (ContestantProcess process = ContestantProcess.start(settings, plan.heap(), Optional.empty())) {
            process.awaitEnd(progress);
            WindowsTurn turn = measured(settings, round, process);
            progress.done(
                    turn.failure().isEmpty()
                            ? String.format("%,.0f records/s, %s", turn.rate(), turn.verdict())
                            : "FAILED: " + turn.failure());
            return turn;
        } finally {
            cluster.delete(output);
        }
    }

    private WindowsTurn measured(Settings settings, int round, ContestantProcess process) {
        Optional<Result> result = Said.result(process.output());
        return new WindowsTurn(
                settings.kind(),
                round,
                settings.records(),
                result.orElse(new Result(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO)),
                result.isPresent() ? verdict(settings) : new WindowVerdict(finals.size(), 0, 0, 0, 0),
                result.isPresent() ? "" : process.tail());
    }

    private WindowVerdict verdict(Settings settings) {
        var check = new WindowCheck(settings.kind().sendsUpdates());
        finals.forEach(expected -> check.expect(expected.key(), expected.start(), expected.count()));
        try (WindowReader reader = new WindowReader(cluster.clientConfig(), settings.output(), check)) {
            reader.readTo(cluster.ends(settings.output()), READ);
            return check.verdict();
        }
    }
}
