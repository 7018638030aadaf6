package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The sorter against the plainest model of its rules, on random streams. {@code -Dsemel.seed=} repeats the seed of a failure. */
class SorterPropertiesTest {

    private static final boolean LONG = Boolean.getBoolean("semel.test.long");
    private static final int SEEDS = LONG ? 1_000 : 200;
    private static final int EVENTS = LONG ? 10_000 : 200;

    private record Waiting(long time, String event) {}

    /** All in lists, looked through from the beginning each time. */
    private static final class Model {

        private final long disorder;
        private final Map<String, Long> marks = new TreeMap<>();
        private final List<Waiting> waiting = new ArrayList<>();
        private final List<String> sorted = new ArrayList<>();
        private long watermark = Long.MIN_VALUE;

        Model(long disorder, List<String> sources) {
            this.disorder = disorder;
            sources.forEach(source -> marks.put(source, Long.MIN_VALUE));
        }

        String event(String source, long time, String event) {
            boolean isLate = time < watermark;
            if (!isLate) {
                waiting.add(new Waiting(time, event));
            }
            marks.merge(source, time - disorder, Math::max);
            watermark = Math.max(
                    watermark, marks.values().stream().min(Long::compare).orElseThrow());
            List<Waiting> due =
                    waiting.stream().filter(each -> each.time() < watermark).toList();
            waiting.removeAll(due);
            // A stable sort: those of one time stay in the order of their arrival.
            due.stream().sorted(Comparator.comparingLong(Waiting::time)).forEach(each -> sorted.add(each.event()));
            return isLate ? "L" : "P";
        }
    }

    @Test
    @DisplayName(
            "sorter 21: what goes out is the stable sort of what was taken, whatever the slices and restarts (property)")
    void aStableSort() {
        @Nullable Long only = Long.getLong("semel.seed");
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        var random = new Random(seed);
        long disorder = random.nextInt(3) * random.nextInt(30);
        List<String> sources = List.of("a", "b", "c", "d").subList(0, 1 + random.nextInt(4));
        var probe = SorterProbe.of(
                SorterProbe.disorder(disorder).resultsPerCall(1 + random.nextInt(5)), sources.toArray(String[]::new));
        var model = new Model(disorder, sources);
        var clocks = new TreeMap<String, Long>();
        for (int i = 0; i < EVENTS; i++) {
            String source = sources.get(random.nextInt(sources.size()));
            long time = clocks.merge(source, (long) random.nextInt(6), Long::sum) - random.nextInt(40) - 50;
            String event = source + " " + time + " " + i;
            assertThat(probe.event(source, time, event))
                    .as("seed %s, event %s", seed, event)
                    .isEqualTo(model.event(source, time, event));
            if (random.nextInt(20) == 0) {
                probe.restart();
            }
            if (random.nextInt(10) == 0) {
                probe.engine.emitMore();
            }
        }
        while (probe.engine.hasDue()) {
            probe.engine.emitMore();
            probe.check();
        }
        assertThat(probe.sorted).as("seed %s", seed).isEqualTo(model.sorted);
        assertThat(probe.engine.waiting()).as("seed %s", seed).isEqualTo(model.waiting.size());
    }
}
