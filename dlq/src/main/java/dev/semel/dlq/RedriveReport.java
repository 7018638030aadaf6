package dev.semel.dlq;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a run over selected letters did, or has done so far. It sums: {@code applied + duplicate + failedAgain + skipped = read}.
 *
 * @param redriveId names the run in the state of each letter that it changed
 * @param selected how many letters the selection has
 * @param read how many of them the run came to; all, where it ended as {@link Ending#DONE}
 * @param applied handled in place, or copied, or parked, or discarded, in a transaction that is committed
 * @param inPlace how many of those it was done to by the owners that keep them, by group
 * @param targets how many of those were copied to each topic
 * @param duplicate were copied by an earlier run, or have the id of a letter that was; or have come to their end in their group
 * @param failedAgain failed with their group's handler again, or were refused, for example as too large for the target; they stay
 *     open, or are parked by the bound of their group
 * @param skipped were left as they are, by reason
 * @param lost ids of letters that nobody can redrive any more: deleted from the letter topic before anybody had done anything about
 *     them, or written without their bytes, which are not in the origin any more either; or kept, and their bytes are not there any more.
 *     At most {@value #MAX_LOST}
 * @param lostCount how many there are
 * @param ending how it ended
 * @param took for how long it ran, from its first transaction with letters
 */
public record RedriveReport(
        String redriveId,
        long selected,
        long read,
        long applied,
        Map<String, Long> inPlace,
        Map<String, Long> targets,
        long duplicate,
        long failedAgain,
        Map<String, Long> skipped,
        List<String> lost,
        long lostCount,
        Ending ending,
        Duration took) {

    /** How many lost letters are named here; the reprocessor's {@code lost()} names all. */
    public static final int MAX_LOST = 1_000;

    /** How a run ended. */
    public enum Ending {
        /** It has not. */
        RUNNING,
        /** It came to all letters. */
        DONE,
        /** Somebody cancelled it. */
        CANCELLED,
        /** After the canary: one of it failed again, or who was asked said no. */
        STOPPED_AFTER_CANARY,
        /** A larger share failed again than was allowed. */
        TOO_MANY_FAILED
    }

    /** @throws IllegalStateException where the numbers do not sum: a letter would be unaccounted for */
    public RedriveReport {
        Objects.requireNonNull(redriveId, "redriveId");
        Objects.requireNonNull(ending, "ending");
        Objects.requireNonNull(took, "took");
        inPlace = Map.copyOf(inPlace);
        targets = Map.copyOf(targets);
        skipped = Map.copyOf(skipped);
        lost = List.copyOf(lost);
        long sum = applied
                + duplicate
                + failedAgain
                + skipped.values().stream().mapToLong(Long::longValue).sum();
        if (sum != read || read > selected || ending == Ending.DONE && read != selected) {
            throw new IllegalStateException("letters are unaccounted for: applied " + applied + " + duplicate "
                    + duplicate
                    + " + failed again " + failedAgain + " + skipped " + skipped + " = " + sum + ", but read " + read
                    + " of " + selected + ", " + ending);
        }
    }

    /** How many were left as they are, whatever the reason. */
    public long skippedCount() {
        return skipped.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return "redrive " + redriveId + " " + ending + ": applied " + applied + " + duplicate " + duplicate
                + " + failed again " + failedAgain + " + skipped " + new TreeMap<>(skipped) + " = read " + read + " of "
                + selected + (lostCount == 0 ? "" : ", lost " + lostCount);
    }
}
