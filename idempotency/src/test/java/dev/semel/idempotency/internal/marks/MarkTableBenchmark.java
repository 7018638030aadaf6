package dev.semel.idempotency.internal.marks;

import java.util.Random;
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
 * How long the table takes to answer, and to take up a fingerprint. Everything is random, so that each operation finds its slot in no
 * cache, as with real events.
 *
 * @see MarkTableBenchmarkTest which runs it
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx2g"})
public class MarkTableBenchmark {

    private static final long SEED = 20_260_101;

    @Param({"100000", "1000000", "10000000"})
    private int keys;

    private final MarkTable table = new MarkTable(false);
    private final Random present = new Random(SEED);
    private final Random absent = new Random(SEED + 1);
    private int next;

    @Setup
    public void fill() {
        for (next = 0; next < keys; next++) {
            table.put(high(next), low(next), PayloadHash.UNKNOWN, 1);
        }
    }

    /** The n-th fingerprint: mixed as SplitMix64 does, which needs no memory. */
    private static long high(int n) {
        long mixed = (n + SEED) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private static long low(int n) {
        return high(~n) | 1;
    }

    /** A duplicate. */
    @Benchmark
    public long findPresent() {
        int n = present.nextInt(keys);
        return table.find(new Fingerprint(high(n), low(n)));
    }

    /** An event that comes for the first time. */
    @Benchmark
    public long findAbsent() {
        int n = absent.nextInt(Integer.MAX_VALUE - keys) + keys;
        return table.find(new Fingerprint(high(n), low(n)));
    }

    /** A mark again, into another bucket: the table stays as large as it is. */
    @Benchmark
    public void put() {
        int n = present.nextInt(keys);
        next = (next + 1) & 127;
        table.put(high(n), low(n), PayloadHash.UNKNOWN, next + 1);
    }
}
