package dev.semel.core.internal.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random completions, faults of every kind, refused records, rebalances and other members, against what has to be true after each
 * commit.
 */
class RandomReleaseTest {

    private static final int SEEDS = 1_000;
    private static final int STEPS = 120;

    /** {@code -Dsemel.test.seed=...} repeats one. */
    @Test
    void whatIsCommittedIsAlwaysExactlyTheOutputsOfTheCommittedPrefix() {
        Long one = Long.getLong("semel.test.seed");
        if (one != null) {
            new ReleaseScenario(one).run(STEPS);
            return;
        }
        var happened = EnumSet.noneOf(ReleaseScenario.Kind.class);
        for (long seed = 0; seed < SEEDS; seed++) {
            happened.addAll(run(seed));
        }
        assertThat(happened).as("what came about").isEqualTo(EnumSet.allOf(ReleaseScenario.Kind.class));
    }

    private static Set<ReleaseScenario.Kind> run(long seed) {
        try {
            return new ReleaseScenario(seed).run(STEPS);
        } catch (AssertionError | RuntimeException e) {
            int steps = 0;
            while (steps < STEPS && !fails(seed, steps)) {
                steps++;
            }
            return fail(
                    "seed " + seed + " (repeat it with -Dsemel.test.seed=" + seed + ") fails after " + steps
                            + " steps: " + new ReleaseScenario(seed).story(steps),
                    e);
        }
    }

    private static boolean fails(long seed, int steps) {
        try {
            new ReleaseScenario(seed).run(steps);
            return false;
        } catch (AssertionError | RuntimeException e) {
            return true;
        }
    }
}
