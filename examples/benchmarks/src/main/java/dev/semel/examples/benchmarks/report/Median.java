package dev.semel.examples.benchmarks.report;

import java.util.Collection;

/** The middle of some numbers. */
final class Median {

    private Median() {}

    /** The middle one, or the mean of the two in the middle; NaN of none. */
    static double of(Collection<Double> numbers) {
        double[] sorted =
                numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
