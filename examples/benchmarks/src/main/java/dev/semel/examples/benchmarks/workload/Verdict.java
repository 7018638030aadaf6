package dev.semel.examples.benchmarks.workload;

/**
 * Whether an output is the input, each record once and in the order of its key.
 *
 * @param expected how many records there have to be
 * @param records how many there are
 * @param gaps how often a record of a key came without the one before it
 * @param repeats how often a record came that is not after the last one of its key
 */
public record Verdict(long expected, long records, long gaps, long repeats) {

    /** Whether nothing is missing, repeated or out of order. */
    public boolean isExact() {
        return records == expected && gaps == 0 && repeats == 0;
    }

    @Override
    public String toString() {
        return isExact()
                ? "exact"
                : String.format("%,d of %,d, %,d gaps, %,d repeated", records, expected, gaps, repeats);
    }
}
