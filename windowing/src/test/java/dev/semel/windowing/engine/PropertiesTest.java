package dev.semel.windowing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Cases 37, 52, 53 and 57, and that a restart makes no difference, on random streams. The seed of a failure is in its message;
 * {@code -Dsemel.seed=} repeats it. {@code -Dsemel.test.long=true} runs streams of a hundred thousand events.
 */
class PropertiesTest {

    private static final boolean LONG = Boolean.getBoolean("semel.test.long");
    private static final int SEEDS = LONG ? 20 : 150;
    private static final int EVENTS = LONG ? 100_000 : 300;

    private static void forSeeds(LongConsumer property) {
        @Nullable Long only = Long.getLong("semel.seed");
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            property.accept(seed);
        }
    }

    private record Event(String source, String key, long timestamp) {}

    /** Settings and a stream for them. */
    private static final class Setup {
        final Random random;
        final long size;
        final long advance;
        final long offset;
        final long disorder;
        final long lateness;
        final List<String> sources;
        final long begin;

        Setup(long seed, boolean tumbling) {
            random = new Random(seed);
            size = new long[] {1, 7, 10, 60}[random.nextInt(4)];
            advance = tumbling ? size : 1 + random.nextInt((int) size);
            offset = tumbling ? random.nextInt((int) (2 * size - 1)) - size + 1 : 0;
            disorder = random.nextInt(3) * random.nextInt(30);
            lateness = random.nextInt(3) * random.nextInt(40);
            sources = List.of("a", "b", "c", "d").subList(0, 1 + random.nextInt(4));
            begin = random.nextInt(3) == 0 ? -500 : 0;
        }

        WindowEngineBuilder<String, Long, Long> settings() {
            var windows =
                    new WindowAssigner(Duration.ofMillis(size), Duration.ofMillis(advance), Duration.ofMillis(offset));
            return WindowEngine.of(windows, Probe.COUNT)
                    .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(disorder)))
                    .allowedLateness(Duration.ofMillis(lateness))
                    .resultsPerCall(1 + random.nextInt(5));
        }

        Model model() {
            return new Model(size, advance, offset, disorder, lateness, sources);
        }

        /** Each source at a speed of its own; within the bound of disorder, unless asked for more. */
        List<Event> events(long tooLate) {
            Map<String, Long> clocks = new HashMap<>();
            var events = new ArrayList<Event>();
            for (int i = 0; i < EVENTS; i++) {
                String source = sources.get(random.nextInt(sources.size()));
                long clock = clocks.merge(source, (long) random.nextInt(6), Long::sum);
                long delay = disorder == 0 ? 0 : random.nextInt((int) disorder + 1);
                if (tooLate > 0 && random.nextInt(5) == 0) {
                    delay += random.nextInt((int) tooLate);
                }
                events.add(new Event(source, "key " + random.nextInt(5), begin + clock - delay));
            }
            return events;
        }
    }

    private static List<String> shown(List<WindowResult<String, Long>> results) {
        return results.stream()
                .map(result -> result.window().end() + " " + result.key() + " " + result.accumulator())
                .toList();
    }

    @Test
    @DisplayName(
            "case 37: however sources are interleaved, each within its disorder, the finals are the same, and those of a batch")
    void interleavings() {
        forSeeds(seed -> {
            var setup = new Setup(seed, true);
            List<Event> events = setup.events(0);
            Map<Long, TreeMap<String, Long>> batch = new TreeMap<>();
            for (Event event : events) {
                long start =
                        event.timestamp() - ((event.timestamp() - setup.offset) % setup.size + setup.size) % setup.size;
                batch.computeIfAbsent(start + setup.size, none -> new TreeMap<>())
                        .merge(event.key(), 1L, Long::sum);
            }
            List<String> expected = batch.entrySet().stream()
                    .flatMap(window -> window.getValue().entrySet().stream()
                            .map(entry -> window.getKey() + " " + entry.getKey() + " " + entry.getValue()))
                    .toList();
            for (int round = 0; round < 3; round++) {
                var probe = Probe.of(setup.settings().allowedLateness(Duration.ZERO))
                        .declare(setup.sources.toArray(String[]::new));
                for (Event event : interleaved(events, setup)) {
                    assertThat(Probe.letter(probe.event(event.source(), event.key(), event.timestamp(), 1)))
                            .as("seed " + seed)
                            .isEqualTo("P");
                }
                probe.watermark(Long.MAX_VALUE);
                drain(probe);
                assertThat(shown(probe.results)).as("seed " + seed).isEqualTo(expected);
            }
        });
    }

    private static List<Event> interleaved(List<Event> events, Setup setup) {
        Map<String, List<Event>> bySource = events.stream().collect(Collectors.groupingBy(Event::source));
        var next = new HashMap<String, Integer>();
        var mixed = new ArrayList<Event>();
        while (mixed.size() < events.size()) {
            String source = setup.sources.get(setup.random.nextInt(setup.sources.size()));
            List<Event> own = bySource.getOrDefault(source, List.of());
            int from = next.getOrDefault(source, 0);
            int until = Math.min(own.size(), from + 1 + setup.random.nextInt(20));
            mixed.addAll(own.subList(from, until));
            next.put(source, until);
        }
        return mixed;
    }

    private static void drain(Probe probe) {
        while (probe.engine.hasDue()) {
            probe.engine.emitMore();
        }
    }

    @Test
    @DisplayName(
            "cases 52, 53, 57: the accounts add up after every call, and every record and result is that of the plainest model")
    void accountsAndModel() {
        forSeeds(seed -> {
            var setup = new Setup(seed, seed % 3 != 0);
            Model model = setup.model();
            var probe = Probe.of(setup.settings()).declare(setup.sources.toArray(String[]::new));
            var closed = new HashSet<String>();
            int seen = 0;
            for (Event event : setup.events(150)) {
                String what = "seed " + seed + ", " + event;
                rejectSome(probe, setup.random);
                assertThat(Probe.letter(probe.event(event.source(), event.key(), event.timestamp(), 1)))
                        .as(what)
                        .isEqualTo(model.event(event.source(), event.key(), event.timestamp()));
                if (setup.random.nextInt(10) == 0) {
                    probe.tickAt(probe.now + setup.random.nextInt(5_000));
                }
                if (setup.random.nextInt(50) == 0) {
                    probe.restart();
                }
                for (; seen < probe.results.size(); seen++) {
                    var result = probe.results.get(seen);
                    long end = result.window().end();
                    assertThat(closed.add(end + " " + result.key())).as(what).isTrue();
                    assertThat(probe.engine.watermark()).as(what).isGreaterThanOrEqualTo(end + setup.lateness);
                    assertThat(result.window().contains(result.timestamp()))
                            .as(what)
                            .isTrue();
                }
                assertBalance(probe, setup, what);
            }
            probe.watermark(Long.MAX_VALUE);
            drain(probe);
            model.end();
            assertThat(shown(probe.results)).as("seed " + seed).isEqualTo(model.finals);
            probe.assertEmpty();
        });
    }

    private static void rejectSome(Probe probe, Random random) {
        switch (random.nextInt(20)) {
            case 0 -> probe.event("a", null, 5, 1);
            case 1 -> probe.event("a", "key 1", Long.MAX_VALUE, 1);
            case 2 -> probe.event("z", null, 1_000_000, 1);
            default -> {}
        }
    }

    /** Finals and what is open make up what was processed. */
    private static void assertBalance(Probe probe, Setup setup, String what) {
        Accounts accounts = probe.engine.accounts();
        long finals =
                probe.results.stream().mapToLong(WindowResult::accumulator).sum();
        assertThat(finals).as(what).isEqualTo(accounts.closedContributions());
        assertThat(finals + accounts.openContributions()).as(what).isEqualTo(accounts.contributions());
        if (setup.advance == setup.size) {
            assertThat(accounts.contributions()).as(what).isEqualTo(accounts.processed());
        }
        assertThat(accounts.results(ResultKind.FINAL)).as(what).isEqualTo(probe.results.size());
    }

    @Test
    @DisplayName(
            "under a limit every record is what the plainest model says, and in panes each one that is processed is shown where it says")
    void limitsAndPanes() {
        forSeeds(seed -> {
            var setup = new Setup(seed, seed % 2 == 0);
            Beyond beyond = seed % 3 == 0 ? Beyond.SHED : Beyond.FORCE_ADVANCE;
            boolean isDiscarding = seed % 5 == 0;
            int most = (int) ((setup.size - 1) / setup.advance) + 1;
            OpenStateLimit limit = setup.random.nextBoolean()
                    ? OpenStateLimit.windows(most + setup.random.nextInt(4), beyond)
                    : OpenStateLimit.entries(most + setup.random.nextInt(15), beyond);
            Model model = setup.model().limited(limit.windows(), limit.entries(), beyond);
            Emission panes = Emission.inPanes();
            // Where records are shed, entries that wait for their slice count.
            var settings = setup.settings().openState(limit);
            int slice = beyond == Beyond.SHED ? 1_000_000 : 1 + setup.random.nextInt(5);
            var probe = Probe.of(settings.resultsPerCall(slice).emission(isDiscarding ? panes.discarding() : panes))
                    .declare(setup.sources.toArray(String[]::new));
            if (isDiscarding) {
                model.discarding();
            }
            for (Event event : setup.events(100).subList(0, Math.min(EVENTS, 300))) {
                String what = "seed " + seed + ", " + event;
                assertThat(Probe.letter(probe.event(event.source(), event.key(), event.timestamp(), 1)))
                        .as(what)
                        .isEqualTo(model.event(event.source(), event.key(), event.timestamp()));
                if (!probe.engine.hasDue()) {
                    assertThat(probe.engine.accounts().openWindows()).as(what).isLessThanOrEqualTo(limit.windows());
                }
                if (setup.random.nextInt(50) == 0) {
                    probe.restart();
                }
            }
            probe.watermark(Long.MAX_VALUE);
            drain(probe);
            model.end();
            assertThat(probe.results)
                    .as("seed " + seed)
                    .extracting(result -> result.window().end() + " " + result.key() + " " + result.accumulator() + " "
                            + result.kind())
                    .containsExactlyInAnyOrderElementsOf(model.panes);
        });
    }

    @Test
    @DisplayName(
            "everything kept, thrown away and restored after each event makes no difference, with panes and without")
    void restartsAnywhere() {
        int events = Math.min(EVENTS, 300);
        forSeeds(seed -> {
            var setup = new Setup(seed, seed % 2 == 0);
            var emissions = List.of(
                    Emission.onClose(),
                    Emission.inPanes(),
                    early(setup.size, 3),
                    early(setup.size, 5).discarding());
            var settings = setup.settings().emission(emissions.get((int) (seed % 4)));
            String[] sources = setup.sources.toArray(String[]::new);
            var steady = Probe.of(settings).declare(sources);
            var restarted = Probe.of(settings).declare(sources);
            for (Event event : setup.events(100).subList(0, events)) {
                String what = "seed " + seed + ", " + event;
                steady.event(event.source(), event.key(), event.timestamp(), 1);
                restarted.event(event.source(), event.key(), event.timestamp(), 1);
                restarted.restart();
                assertThat(restarted.results).as(what).isEqualTo(steady.results);
                assertThat(restarted.engine.accounts()).as(what).isEqualTo(steady.engine.accounts());
            }
            assertThat(restarted.control.shown()).as("seed " + seed).isEqualTo(steady.control.shown());
        });
    }

    /** A window of a millisecond has nothing early. */
    private static Emission early(long size, long interval) {
        return size == 1
                ? Emission.inPanes()
                : Emission.inPanes().withEarly(Duration.ofMillis(Math.min(interval, size - 1)));
    }

    @Test
    @DisplayName("on the heap the results are those of a store of bytes")
    void heapAndBytes() {
        forSeeds(seed -> {
            var setup = new Setup(seed, seed % 2 == 0);
            var settings = setup.settings().emission(seed % 3 == 0 ? Emission.onClose() : early(setup.size, 4));
            var probe = Probe.of(settings).declare(setup.sources.toArray(String[]::new));
            var results = new ArrayList<WindowResult<String, Long>>();
            var store = new HeapWindowStore<String, Long>(KeyBytes.utf8());
            var engine = settings.start(store, results::add, 0);
            setup.sources.forEach(source -> engine.declare(source, 0));
            for (Event event : setup.events(100)) {
                probe.event(event.source(), event.key(), event.timestamp(), 1);
                engine.process(event.source(), event.key(), event.timestamp(), 1L, 0);
                assertThat(store.size()).as("seed " + seed).isEqualTo(probe.store.entries.size());
            }
            assertThat(results).as("seed " + seed).isEqualTo(probe.results);
        });
    }

    @Test
    @DisplayName("slices make no difference to panes on time and late ones, nor to finals")
    void slicesMakeNoDifference() {
        forSeeds(seed -> {
            var setup = new Setup(seed, seed % 2 == 0);
            Emission emission = new Emission[] {
                        Emission.onClose(),
                        Emission.inPanes(),
                        Emission.inPanes().discarding()
                    }
                    [(int) (seed % 3)];
            List<List<String>> all = new ArrayList<>();
            List<Event> events = setup.events(100);
            for (int slice : new int[] {1, 3, 1_000_000}) {
                var probe = Probe.of(setup.settings().emission(emission).resultsPerCall(slice))
                        .declare(setup.sources.toArray(String[]::new));
                events.forEach(event -> probe.event(event.source(), event.key(), event.timestamp(), 1));
                probe.watermark(Long.MAX_VALUE);
                drain(probe);
                var shown = probe.results.stream()
                        .map(WindowResult::toString)
                        .sorted()
                        .toList();
                all.add(shown);
            }
            assertThat(all.get(0)).as("seed " + seed).isEqualTo(all.get(2));
            assertThat(all.get(1)).as("seed " + seed).isEqualTo(all.get(2));
        });
    }

    @Test
    @DisplayName("a hundred thousand sources: the watermark is the least mark of all, whoever moves")
    void manySources() {
        int count = 100_000;
        var random = new Random(1);
        String[] names = new String[count];
        long[] marks = new long[count];
        var engine = Probe.tumbling(1_000).start(new HeapWindowStore<>(KeyBytes.utf8()), result -> {}, 0);
        for (int i = 0; i < count; i++) {
            names[i] = "device " + i;
            engine.declare(names[i], 0);
        }
        for (int i = 0; i < count; i++) {
            marks[i] = random.nextInt(1_000_000);
            engine.process(names[i], "k", marks[i], 1L, 0);
        }
        assertThat(engine.watermark()).isEqualTo(Arrays.stream(marks).min().orElseThrow());
        for (int i = 0; i < 1_000_000; i++) {
            int source = random.nextInt(count);
            marks[source] += random.nextInt(5_000);
            engine.process(names[source], "k", marks[source], 1L, 0);
            if (i % 50_000 == 0) {
                assertThat(engine.watermark())
                        .isEqualTo(Arrays.stream(marks).min().orElseThrow());
            }
        }
        assertThat(engine.accounts().late()).isZero();
    }
}
