package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.Status;
import java.util.List;
import java.util.Optional;

/**
 * What a run came to.
 *
 * @param given how many lines the input has
 * @param books what is in the topics
 * @param lateByFastest readings that would have been late, had the latest event of all sources been the clock
 * @param own what the windows say of themselves in their metrics; empty if they did not answer. Nothing is judged by it
 * @param differences what does not balance; empty if all does
 */
public record Outcome(long given, Books books, long lateByFastest, Optional<Status> own, List<String> differences) {

    /** Whether each line is in exactly one place. */
    public boolean isBalanced() {
        return differences.isEmpty();
    }
}
