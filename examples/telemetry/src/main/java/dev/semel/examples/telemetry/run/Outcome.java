package dev.semel.examples.telemetry.run;

import java.util.List;

/**
 * What a run came to.
 *
 * @param given how many lines the input has
 * @param books what is in the topics
 * @param lateByFastest readings that would have been late, had the latest event of all sources been the clock
 * @param differences what does not balance; empty if all does
 */
public record Outcome(long given, Books books, long lateByFastest, List<String> differences) {

    /** Whether each line is in exactly one place. */
    public boolean isBalanced() {
        return differences.isEmpty();
    }
}
