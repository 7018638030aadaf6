package dev.semel.examples.benchmarks.engine;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.engine.WindowAssigner;
import dev.semel.windowing.engine.WindowEngine;
import dev.semel.windowing.engine.WindowResult;
import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;

/** Ours, with state on the heap; the watermark moves with each event. */
final class SemelEngine implements Counting {

    private static final class CountAndSum {
        long count;
        long sum;
    }

    private static final String[] SOURCES = {"source-a", "source-b", "source-c"};

    private final WindowEngine<String, Long, CountAndSum> engine;

    SemelEngine(Results results) {
        this.engine = WindowEngine.of(
                        WindowAssigner.tumbling(Duration.ofMillis(Events.SIZE)),
                        Aggregate.<String, Long, CountAndSum>of(CountAndSum::new, (key, value, accumulator) -> {
                            accumulator.count++;
                            accumulator.sum += value;
                            return accumulator;
                        }))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(Events.DISORDER)))
                .allowedLateness(Duration.ofMillis(Events.LATENESS))
                .start(
                        new HeapWindowStore<String, CountAndSum>(KeyBytes.utf8()),
                        result -> results.result(result.key(), end(result), count(result), sum(result)),
                        0);
        for (String source : SOURCES) {
            engine.declare(source, 0);
        }
    }

    private static long end(WindowResult<String, CountAndSum> result) {
        return result.window().end();
    }

    private static long count(WindowResult<String, CountAndSum> result) {
        return result.accumulator().count;
    }

    private static long sum(WindowResult<String, CountAndSum> result) {
        return result.accumulator().sum;
    }

    @Override
    public void feed(Events events) {
        for (int i = 0; i < events.count(); i++) {
            engine.process(SOURCES[events.sources[i]], events.keys[i], events.timestamps[i], events.values[i], 0);
        }
    }
}
