package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions in panes beside a plain model of them, with restarts and slices; and what a reader makes of the results. */
class SessionPropertiesTest {

    private static final long GAP = 10;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    /** One session as it is by now, in a list of all. */
    private record Known(long start, long last, long count, long unshown, int panes) {}

    /** All of it at once, without slices, and without an order of ends. */
    private static final class Plain {

        private final boolean isDiscarding;
        private final long lateness;
        private final Map<String, List<Known>> sessions = new HashMap<>();
        private final List<String> results = new ArrayList<>();
        private long watermark = Long.MIN_VALUE;
        private long late;

        Plain(boolean isDiscarding, long lateness) {
            this.isDiscarding = isDiscarding;
            this.lateness = lateness;
        }

        void event(String key, long time) {
            List<Known> all = sessions.computeIfAbsent(key, none -> new ArrayList<>());
            var joined = all.stream()
                    .filter(each -> each.last + GAP >= time && each.start - GAP <= time)
                    .toList();
            long start =
                    Math.min(time, joined.stream().mapToLong(Known::start).min().orElse(time));
            long last =
                    Math.max(time, joined.stream().mapToLong(Known::last).max().orElse(time));
            if (last + GAP + lateness <= watermark) {
                late++;
                return;
            }
            all.removeAll(joined);
            var merged = new Known(
                    start,
                    last,
                    1 + joined.stream().mapToLong(Known::count).sum(),
                    1 + joined.stream().mapToLong(Known::unshown).sum(),
                    joined.stream().mapToInt(Known::panes).max().orElse(0));
            if (merged.panes > 0 || last + GAP <= watermark) {
                var replaced = joined.stream()
                        .filter(each -> each.panes > 0 && (each.start != start || each.last != last))
                        .map(each -> new Window(each.start, each.last + GAP))
                        .sorted((one, other) -> Long.compare(one.start(), other.start()))
                        .toList();
                all.add(shown(key, merged, "LATE", replaced));
            } else {
                all.add(merged);
            }
        }

        private Known shown(String key, Known session, String kind, List<Window> replaced) {
            results.add(key + " [" + session.start + ", " + (session.last + GAP) + ") "
                    + (isDiscarding ? session.unshown : session.count) + " " + kind + " " + session.panes
                    + (replaced.isEmpty() ? "" : " for " + replaced));
            return new Known(session.start, session.last, session.count, 0, session.panes + 1);
        }

        void watermark(long to) {
            watermark = Math.max(watermark, to);
            sessions.forEach((key, all) -> {
                all.replaceAll(each ->
                        each.panes > 0 || each.last + GAP > watermark ? each : shown(key, each, "ON_TIME", List.of()));
                all.removeIf(each -> each.last + GAP + lateness <= watermark);
            });
        }
    }

    private static SessionProbe probe(Random random, boolean isDiscarding, long lateness) {
        Emission panes = Emission.inPanes();
        return new SessionProbe(SessionProbe.settings()
                .allowedLateness(Duration.ofMillis(lateness))
                .resultsPerCall(1 + random.nextInt(4))
                .emission(isDiscarding ? panes.discarding() : panes));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("in slices and through restarts, each result is that of a model that does all of it at once")
    void asTheModel(long seed) {
        var random = new Random(seed);
        boolean isDiscarding = random.nextBoolean();
        long lateness = random.nextInt(60);
        var probe = probe(random, isDiscarding, lateness);
        var plain = new Plain(isDiscarding, lateness);
        long clock = 0;
        for (int i = 0; i < 400; i++) {
            clock += random.nextInt(6);
            String key = "key " + random.nextInt(4);
            long time = clock - random.nextInt(80);
            probe.event(key, time);
            plain.event(key, time);
            if (random.nextInt(4) == 0) {
                long to = clock - random.nextInt(60);
                probe.watermark(to);
                plain.watermark(to);
            }
            if (random.nextInt(3) == 0) {
                probe.restart();
            }
        }
        probe.watermark(Long.MAX_VALUE);
        plain.watermark(Long.MAX_VALUE - GAP);
        probe.emitAll();
        assertThat(probe.engine.accounts().late()).as("late, seed " + seed).isEqualTo(plain.late);
        assertThat(probe.takeResults()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(plain.results);
        assertThat(probe.store.size()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "who keeps the last result of each session, and removes those that are replaced, has the sessions of a batch")
    void replacedResultsAreNamed(long seed) {
        var random = new Random(seed);
        var probe = probe(random, false, 10_000);
        Map<String, TreeMap<Long, Integer>> batch = new TreeMap<>();
        Map<String, Long> kept = new HashMap<>();
        for (int i = 0; i < 400; i++) {
            String key = "key " + random.nextInt(4);
            long time = random.nextInt(3_000);
            assertThat(probe.event(key, time)).as("nothing is late here").isEqualTo("P");
            batch.computeIfAbsent(key, none -> new TreeMap<>()).merge(time, 1, Integer::sum);
            probe.watermark(random.nextInt(3_000));
        }
        probe.watermark(5_000);
        probe.emitAll();
        for (var result : probe.results) {
            result.replaced()
                    .forEach(window -> assertThat(kept.remove(result.key() + " " + window))
                            .as("a result that is replaced has been there, seed " + seed)
                            .isNotNull());
            kept.put(result.key() + " " + result.window(), result.accumulator());
        }
        assertThat(kept).as("seed " + seed).isEqualTo(sessions(batch));
    }

    private static Map<String, Long> sessions(Map<String, TreeMap<Long, Integer>> batch) {
        Map<String, Long> sessions = new HashMap<>();
        batch.forEach((key, times) -> {
            long start = times.firstKey();
            long last = start;
            long count = 0;
            for (var each : times.entrySet()) {
                if (each.getKey() - last > GAP) {
                    sessions.put(key + " " + new Window(start, last + GAP), count);
                    start = each.getKey();
                    count = 0;
                }
                last = each.getKey();
                count += each.getValue();
            }
            sessions.put(key + " " + new Window(start, last + GAP), count);
        });
        return sessions;
    }
}
