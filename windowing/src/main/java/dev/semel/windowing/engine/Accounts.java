package dev.semel.windowing.engine;

import java.util.Map;

/**
 * What became of all records since the state began: {@code ingested = processed + late + rejected}, after every call.
 *
 * <p>A record contributes to each of its windows. Where windows tumble, it contributes once: {@code processed = contributions}, and what
 * the finals count, with what is open, is what was processed.
 *
 * @param processed records folded into one window or more
 * @param late records all of whose windows had been closed
 * @param rejected records not taken, by reason; reasons that have not occurred are not in it
 * @param contributions of the processed records to windows
 * @param lateContributions of processed records to windows that had been closed, while others were open
 * @param closedContributions those in windows that have been closed, and their state freed
 * @param openEntries keys with state, counted in each window that they are in
 * @param openWindows windows with state
 * @param results by kind; kinds that have not occurred are not in it
 * @param closedWindows windows whose state has been freed
 * @param forcedWindows those of them that were closed before their time, since a limit on open state was reached
 */
public record Accounts(
        long processed,
        long late,
        Map<Rejection, Long> rejected,
        long contributions,
        long lateContributions,
        long closedContributions,
        long openEntries,
        int openWindows,
        Map<ResultKind, Long> results,
        long closedWindows,
        long forcedWindows) {

    /** Makes the maps unchangeable. */
    public Accounts {
        rejected = Map.copyOf(rejected);
        results = Map.copyOf(results);
    }

    /** All records that came, whatever became of them. */
    public long ingested() {
        return processed + late + rejectedRecords();
    }

    /** Records not taken, for whatever reason. */
    public long rejectedRecords() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Records not taken for this reason. */
    public long rejected(Rejection reason) {
        return rejected.getOrDefault(reason, 0L);
    }

    /** Results of this kind. */
    public long results(ResultKind kind) {
        return results.getOrDefault(kind, 0L);
    }

    /** Contributions in windows that have not been closed yet. */
    public long openContributions() {
        return contributions - closedContributions;
    }
}
