package dev.semel.examples.benchmarks.workload;

/**
 * Whether results are those that are expected.
 *
 * @param expected how many keys and windows have to have a result
 * @param right how many have the right one
 * @param wrong how many have one with another count
 * @param repeated how many results came for a key and window that had one
 * @param unexpected how many results are of a key and window that is to have none, or not yet, or had its own
 */
public record WindowVerdict(long expected, long right, long wrong, long repeated, long unexpected) {

    /** Whether all are there, once and right. */
    public boolean isExact() {
        return right == expected && wrong == 0 && repeated == 0 && unexpected == 0;
    }

    @Override
    public String toString() {
        return isExact()
                ? "exact"
                : String.format(
                        "%,d of %,d: %,d lost, %,d wrong, %,d repeated, %,d not expected",
                        right, expected, expected - right - wrong, wrong, repeated, unexpected);
    }
}
