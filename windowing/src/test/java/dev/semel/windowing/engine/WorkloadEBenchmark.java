package dev.semel.windowing.engine;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.state.HeapWindowStore;
import dev.semel.windowing.state.KeyBytes;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Workload E: how long the engine takes for all events, and how long a loop written for nothing else.
 *
 * @see WorkloadEBenchmarkTest which runs it
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 7)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g"})
public class WorkloadEBenchmark {

    /** Count and sum, which is what is computed: changed in place, and past what can throw. */
    static final class CountAndSum {
        long count;
        long sum;
    }

    @Param({"20000000"})
    private int events;

    @Param({"uniform", "zipf"})
    private String keys = "";

    private WorkloadE workload = new WorkloadE(0, false, 0);

    static WorkloadEBenchmark of(int events, String keys) {
        var benchmark = new WorkloadEBenchmark();
        benchmark.events = events;
        benchmark.keys = keys;
        benchmark.generate();
        return benchmark;
    }

    @Setup
    public void generate() {
        workload = new WorkloadE(events, keys.equals("zipf"), 1);
    }

    @Benchmark
    public long handWrittenLoop() {
        WorkloadE input = workload;
        var loop = new HandWrittenLoop();
        for (int i = 0; i < input.events(); i++) {
            loop.process(WorkloadE.SOURCES[input.sources[i]], input.keys[i], input.timestamps[i], input.values[i]);
        }
        return loop.checksum + loop.processed + loop.late;
    }

    @Benchmark
    public long engine() {
        WorkloadE input = workload;
        long[] checksum = new long[1];
        var store = new HeapWindowStore<String, CountAndSum>(KeyBytes.utf8());
        var engine = settings().start(store, result -> checksum[0] += sum(result), 0);
        for (String source : WorkloadE.SOURCES) {
            engine.declare(source, 0);
        }
        for (int i = 0; i < input.events(); i++) {
            engine.process(WorkloadE.SOURCES[input.sources[i]], input.keys[i], input.timestamps[i], input.values[i], 0);
        }
        return checksum[0] + engine.accounts().ingested();
    }

    private static long sum(WindowResult<String, CountAndSum> result) {
        return result.accumulator().count + result.accumulator().sum + result.timestamp();
    }

    static WindowEngineBuilder<String, Long, CountAndSum> settings() {
        return WindowEngine.of(
                        WindowAssigner.tumbling(Duration.ofMillis(WorkloadE.SIZE)),
                        Aggregate.<String, Long, CountAndSum>of(CountAndSum::new, (key, value, accumulator) -> {
                            accumulator.count++;
                            accumulator.sum += value;
                            return accumulator;
                        }))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(WorkloadE.DISORDER)))
                .allowedLateness(Duration.ofMillis(WorkloadE.LATENESS));
    }
}
