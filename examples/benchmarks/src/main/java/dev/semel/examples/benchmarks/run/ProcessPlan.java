package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.contestant.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a throughput run does.
 *
 * @param kinds who takes part, in the order of a round's turns
 * @param handlers how long handlers block, one case each
 * @param rounds how often each has its turn
 * @param quickRecords how many records where handlers do not block; a tenth for contestants that are slow even then
 * @param blockedRecords how many where they do, for contestants that handle at least {@link #MANY} at a time
 * @param fewRecords how many where they do, for the others, which would take minutes otherwise
 * @param commitInterval for those that have one
 * @param heap of each contestant
 * @param recordings where flight recordings of Semel go, if they are wanted
 */
public record ProcessPlan(
        List<Kind> kinds,
        List<Duration> handlers,
        int rounds,
        long quickRecords,
        long blockedRecords,
        long fewRecords,
        Duration commitInterval,
        String heap,
        Optional<Path> recordings) {

    /** From how many records at a time a contestant gets all of them. */
    public static final int MANY = 16;

    private static final int SLOW_PART = 10;

    /** How many records a contestant's input has. */
    public long records(Kind kind, Duration handler) {
        if (handler.isZero()) {
            return kind.isSlow() ? Math.max(1, quickRecords / SLOW_PART) : quickRecords;
        }
        return kind.inFlight() >= MANY ? blockedRecords : fewRecords;
    }
}
