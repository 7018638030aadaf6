package dev.semel.examples.benchmarks.engine;

import dev.semel.examples.benchmarks.run.Progress;
import dev.semel.testkit.JavaProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Engines alone: each in turn goes through the same events in memory, in a fresh JVM. The turns of a round follow each other at once, and
 * every other round goes backwards. For one thread.
 */
public final class EngineRun {

    /** How keys are distributed: all alike, or a few come most often. */
    public static final List<String> KEYS = List.of("uniform", "zipf");

    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final int TAIL = 1_500;

    private final EnginePlan plan;
    private final Progress progress;

    /** With nothing started. */
    public EngineRun(EnginePlan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Runs all rounds.
     *
     * @param each is given every turn when it has ended
     */
    public void run(Consumer<EngineTurn> each) {
        for (int round = 1; round <= plan.rounds(); round++) {
            List<EngineKind> kinds = new ArrayList<>(plan.kinds());
            if (round % 2 == 0) {
                Collections.reverse(kinds);
            }
            for (String keys : KEYS) {
                for (EngineKind kind : kinds) {
                    each.accept(turn(kind, keys, round));
                }
            }
        }
    }

    private EngineTurn turn(EngineKind kind, String keys, int round) {
        progress.step("round " + round + " of " + plan.rounds() + ", " + keys + ", " + kind.id());
        try (JavaProcess process = JavaProcess.of(EngineMain.class)
                .args(
                        kind.id(),
                        keys,
                        Integer.toString(plan.events()),
                        Integer.toString(plan.warmUps()),
                        Integer.toString(plan.measurements()),
                        Integer.toString(plan.openKeys()))
                // The same size from the beginning, so that growing is not measured; and what Flink asks for on 17 and
                // later.
                .jvmArgs(
                        "-Xms" + plan.heap(),
                        "-Xmx" + plan.heap(),
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED")
                .start()) {
            process.awaitExit(PATIENCE);
            Optional<EngineResult> result = EngineResult.read(process.output());
            String output = process.output().strip();
            var turn = new EngineTurn(
                    kind,
                    keys,
                    round,
                    result,
                    result.isPresent() ? "" : output.substring(Math.max(0, output.length() - TAIL)));
            progress.done(result.map(EngineRun::told).orElse("FAILED: " + turn.failure()));
            return turn;
        }
    }

    private static String told(EngineResult result) {
        return String.format(
                "%,.0f events/s at best, %.0f bytes a key, %,d of %,d results",
                result.rates().stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                result.bytesPerKey(),
                result.right(),
                result.expected());
    }
}
