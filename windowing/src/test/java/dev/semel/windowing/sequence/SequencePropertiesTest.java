package dev.semel.windowing.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The resequencer against the plainest model of its rules, on random streams. {@code -Dsemel.seed=} repeats the seed of a failure. */
class SequencePropertiesTest {

    private static final boolean LONG = Boolean.getBoolean("semel.test.long");
    private static final int SEEDS = LONG ? 2_000 : 150;
    private static final int EVENTS = LONG ? 5_000 : 300;

    /** A key, with when each event came that waits. */
    private static final class KeyModel {
        long next = 1;
        long sinceSecond;
        final TreeMap<Long, Long> waiting = new TreeMap<>();
    }

    private static final class Model {
        private final GapPolicy policy;
        private final long seconds;
        private final int count;
        private final Map<String, KeyModel> keys = new TreeMap<>();
        final Map<String, List<String>> out = new HashMap<>();
        long second;

        Model(GapPolicy policy, long seconds, int count) {
            this.policy = policy;
            this.seconds = seconds;
            this.count = count;
        }

        private void say(String key, String what) {
            out.computeIfAbsent(key, none -> new ArrayList<>()).add(what);
        }

        String event(String key, long number) {
            KeyModel model = keys.computeIfAbsent(key, none -> new KeyModel());
            if (number < model.next) {
                return "D";
            }
            if (model.waiting.containsKey(number)) {
                return "W";
            }
            if (model.waiting.isEmpty()) {
                model.sinceSecond = second;
            }
            @Nullable Long behindGap = model.waiting.isEmpty() ? null : model.waiting.firstKey();
            model.waiting.put(number, second);
            run(key, model);
            if (behindGap != null && behindGap < model.next && !model.waiting.isEmpty()) {
                // What was behind the gap has gone out: this is another one.
                model.sinceSecond = model.waiting.firstEntry().getValue();
            }
            // The event that has just come is behind the gap, or there is none.
            if (model.waiting.size() > count) {
                end(key, model, "COUNT");
            }
            // The gap that is now the first may be over already.
            endThoseDue();
            return "T";
        }

        private void run(String key, KeyModel model) {
            while (model.waiting.remove(model.next) != null) {
                say(key, key + model.next++);
            }
        }

        private void end(String key, KeyModel model, String reason) {
            if (policy == GapPolicy.EMIT) {
                model.next = model.waiting.firstKey();
                run(key, model);
                if (!model.waiting.isEmpty()) {
                    model.sinceSecond = model.waiting.firstEntry().getValue();
                }
            } else if (policy == GapPolicy.DEAD_LETTER) {
                model.waiting
                        .keySet()
                        .forEach(number -> say(key, "gap " + model.next + " " + reason + ": " + key + number));
                model.waiting.clear();
            }
        }

        void tick() {
            second++;
            endThoseDue();
        }

        private void endThoseDue() {
            if (policy != GapPolicy.HOLD) {
                keys.forEach((key, model) -> {
                    while (!model.waiting.isEmpty() && model.sinceSecond + seconds <= second) {
                        end(key, model, "TIME");
                    }
                });
            }
        }

        long waiting() {
            return keys.values().stream().mapToLong(key -> key.waiting.size()).sum();
        }
    }

    @ParameterizedTest
    @EnumSource(GapPolicy.class)
    @DisplayName(
            "resequencer 25: whatever comes, and however often it is restarted, it does what the model does (property)")
    void asTheModel(GapPolicy policy) {
        @Nullable Long only = Long.getLong("semel.seed");
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            run(policy, seed);
        }
    }

    private static void run(GapPolicy policy, long seed) {
        var random = new Random(seed);
        long seconds = 1 + random.nextInt(20);
        int count = 1 + random.nextInt(6);
        var probe = SequenceProbe.of(SequenceEngine.builder()
                .firstExpected(1)
                .gapBound(Duration.ofSeconds(seconds), count)
                .onGap(policy)
                .resultsPerCall(1 + random.nextInt(10)));
        var model = new Model(policy, seconds, count);
        var sent = new HashMap<String, Long>();
        Map<String, List<String>> out = new HashMap<>();
        for (int i = 0; i < EVENTS; i++) {
            if (random.nextInt(4) == 0) {
                model.tick();
                probe.passes(1);
            } else {
                String key = List.of("a", "b", "c").get(random.nextInt(3));
                long number = random.nextInt(8) == 0
                        ? random.nextInt(i + 10)
                        : sent.merge(key, 1L, Long::sum) + random.nextInt(4) - 1;
                assertThat(probe.event(key, number))
                        .as("seed %s, event %s%s", seed, key, number)
                        .isEqualTo(model.event(key, number));
            }
            probe.drain();
            for (String each : probe.taken()) {
                String key = each.replaceAll(".*([abc])\\d+$", "$1");
                out.computeIfAbsent(key, none -> new ArrayList<>()).add(each);
            }
            assertThat(out).as("seed %s, step %s", seed, i).isEqualTo(model.out);
            assertThat(probe.engine.accounts().waiting()).as("seed %s", seed).isEqualTo(model.waiting());
            if (random.nextInt(15) == 0) {
                probe.restart();
            }
        }
    }
}
