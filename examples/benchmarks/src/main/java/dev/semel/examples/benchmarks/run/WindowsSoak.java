package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Sample;
import dev.semel.examples.benchmarks.workload.WindowVerdict;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A long run of windows.
 *
 * @param samples what the contestant said of itself, in order
 * @param events how many were sent
 * @param verdict what its results are
 */
public record WindowsSoak(List<Sample> samples, long events, WindowVerdict verdict) {

    /** Where the two points lie that are compared, as shares of the events. */
    public static final double EARLY = 0.2;

    /** The end. */
    public static final double END = 1;

    /** By how much they may differ, as a share of the early one. */
    public static final double TOLERANCE = 0.05;

    /** How many samples a point is the median of: state on disk goes up and down as RocksDB compacts it. */
    private static final int NEAREST = 5;

    /** Immutable. */
    public WindowsSoak {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new RunFailedException(
                    "the run was over before the contestant said what it takes: sample more often", null);
        }
    }

    /** Heap in use after a full collection, in bytes, when this share of the events had been handled. */
    public long heapAt(double share) {
        return at(share, Sample::heapBytes);
    }

    /** The size of the state directory, in bytes, then. */
    public long stateAt(double share) {
        return at(share, Sample::stateBytes);
    }

    private long at(double share, ToLongFunction<Sample> number) {
        double point = share * events;
        List<Long> nearest = samples.stream()
                .sorted(Comparator.comparingDouble(sample -> Math.abs(sample.handled() - point)))
                .limit(NEAREST)
                .map(number::applyAsLong)
                .sorted()
                .toList();
        return nearest.get(nearest.size() / 2);
    }

    /** By how much the heap at the end differs from the early one, as a share of that. */
    public double heapDrift() {
        return drift(heapAt(EARLY), heapAt(END));
    }

    /** The same of the state directory; 0 where there is none. */
    public double stateDrift() {
        return drift(stateAt(EARLY), stateAt(END));
    }

    private static double drift(long early, long end) {
        return early == end ? 0 : (double) (end - early) / early;
    }

    /** Whether neither has moved by as much as the tolerance. */
    public boolean isFlat() {
        return Math.abs(heapDrift()) < TOLERANCE && Math.abs(stateDrift()) < TOLERANCE;
    }
}
