package dev.semel.dlq.internal.copy;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of the letters of a run so far. For one thread. */
final class Tally {

    private final String redriveId;
    private final long selected;
    private final Map<String, Long> skipped = new TreeMap<>();
    private final List<String> lost = new ArrayList<>();
    private long lostCount;
    private long read;
    private long applied;
    private long duplicate;
    private long failed;

    Tally(String redriveId, Snapshot snapshot) {
        this.redriveId = redriveId;
        this.selected = snapshot.matched();
        snapshot.ended().forEach((state, count) -> {
            read += count;
            if (state == LetterState.SENT) {
                duplicate += count;
            } else {
                skipped.merge(inState(state), count, Long::sum);
            }
        });
    }

    /** The reason for which a letter in a state is left as it is. */
    static String inState(LetterState state) {
        return switch (state) {
            case PARKED, QUARANTINED -> "it is " + state + ", and the filter does not name that state";
            default -> "it is " + state;
        };
    }

    void applied(long count) {
        read += count;
        applied += count;
    }

    void duplicate() {
        read++;
        duplicate++;
    }

    void failed(long count) {
        read += count;
        failed += count;
    }

    void skipped(String reason) {
        read++;
        skipped.merge(reason, 1L, Long::sum);
    }

    void lost(String id) {
        lostCount++;
        if (lost.size() < RedriveReport.MAX_LOST) {
            lost.add(id);
        }
    }

    long appliedCount() {
        return applied;
    }

    long failedCount() {
        return failed;
    }

    double failedShare() {
        return failed == 0 ? 0 : (double) failed / (applied + failed);
    }

    RedriveReport report(Ending ending, Duration took) {
        return new RedriveReport(
                redriveId, selected, read, applied, duplicate, failed, skipped, lost, lostCount, ending, took);
    }
}
