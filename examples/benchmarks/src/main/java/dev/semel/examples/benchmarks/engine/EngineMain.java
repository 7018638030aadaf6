package dev.semel.examples.benchmarks.engine;

import java.util.HashMap;
import java.util.Map;

/**
 * The process of one engine: first its results are compared with the hand-written loop's, then it is measured over and over, and at
 * last it holds one window open with many keys, to tell what they take. It says on standard output what came out, in lines that {@link
 * EngineResult} reads.
 */
public final class EngineMain {

    private static final int WINDOWS = 20;
    private static final int MOST_EVENTS_A_WINDOW = 1_000_000;

    private record At(String key, long end) {}

    private record Sums(long count, long sum) {}

    private final EngineKind kind;
    private long checksum;

    private EngineMain(EngineKind kind) {
        this.kind = kind;
    }

    /** Takes the engine's id, {@code uniform} or {@code zipf}, and how many: events, warm-ups, measurements, keys of the open window. */
    public static void main(String... arguments) throws Exception {
        int count = Integer.parseInt(arguments[2]);
        var main = new EngineMain(EngineKind.of(arguments[0]));
        main.measure(
                Events.of(
                        count,
                        arguments[1].equals("zipf"),
                        Math.max(1, Math.min(MOST_EVENTS_A_WINDOW, count / WINDOWS))),
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]));
        EngineResult.sayBytes(main.bytesPerKey(Integer.parseInt(arguments[5])));
        System.exit(0);
    }

    private void measure(Events events, int warmUps, int measurements) throws Exception {
        check(events);
        for (int i = -warmUps; i < measurements; i++) {
            long startNanos = System.nanoTime();
            try (Counting engine = kind.start((key, end, sum, total) -> checksum += sum + total)) {
                engine.feed(events);
            }
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            if (i >= 0) {
                EngineResult.sayRate(events.count() / seconds);
            }
        }
        // Something has to come of it, or a compiler may see that it is for nothing.
        System.out.println("checksum " + checksum);
    }

    /** A window may have more than one result, of which the last counts: Flink's fires again for what comes within the lateness. */
    private void check(Events events) throws Exception {
        Map<At, Sums> expected = new HashMap<>();
        var model = new HandWrittenLoop(
                (key, end, count, sum) -> expected.put(new At(key, end), new Sums(count, sum)), kind.interval());
        model.feed(events);
        Map<At, Sums> results = new HashMap<>();
        try (Counting engine =
                kind.start((key, end, count, sum) -> results.put(new At(key, end), new Sums(count, sum)))) {
            engine.feed(events);
        }
        long right = expected.entrySet().stream()
                .filter(entry -> entry.getValue().equals(results.get(entry.getKey())))
                .count();
        EngineResult.sayCheck(expected.size(), right, model.late());
    }

    /** In use after a full collection, less what was before; the keys themselves were there before. */
    private double bytesPerKey(int keys) throws Exception {
        Events events = Events.open(keys);
        try (Counting engine = kind.start((key, end, count, sum) -> {
            throw new IllegalStateException("the window of " + key + " closed, and was to stay open");
        })) {
            long before = heapInUse();
            engine.feed(events);
            long bytes = heapInUse() - before;
            return (double) bytes / events.count();
        }
    }

    private static long heapInUse() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
