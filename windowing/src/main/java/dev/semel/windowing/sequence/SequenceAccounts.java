package dev.semel.windowing.sequence;

/**
 * What became of all records since the state began: {@code ingested = released + gapped + waiting + duplicates + rejected}, after every
 * call.
 *
 * @param released records that have gone out in their turn
 * @param gapped records that have gone to the gaps
 * @param waiting records that wait for a predecessor
 * @param duplicates records whose number had had its turn, or was waiting
 * @param rejected records without a key, or without a number that can be read
 * @param openGaps keys for which something waits
 * @param overdueGaps those of them whose bound is over, and that are held
 * @param endedByTime gaps that were ended since they were open for too long
 * @param endedByCount gaps that were ended since too many events waited
 * @param skipped numbers that were passed over; {@link Long#MAX_VALUE} also if there were more
 */
public record SequenceAccounts(
        long released,
        long gapped,
        long waiting,
        long duplicates,
        long rejected,
        long openGaps,
        long overdueGaps,
        long endedByTime,
        long endedByCount,
        long skipped) {

    /** All records that came, whatever became of them. */
    public long ingested() {
        return released + gapped + waiting + duplicates + rejected;
    }
}
