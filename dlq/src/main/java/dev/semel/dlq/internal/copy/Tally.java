package dev.semel.dlq.internal.copy;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.RedriveReport;
import dev.semel.dlq.RedriveReport.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What became of the letters of a run so far. For one thread. */
public final class Tally {

    /** People give reasons too, and each can be another one. */
    private static final int MAX_REASONS = 100;

    private static final String OTHER_REASONS = "other reasons";

    private final String redriveId;
    private final long selected;
    private final Map<String, Long> inPlace = new TreeMap<>();
    private final Map<String, Long> targets = new TreeMap<>();
    private final Map<String, Long> skipped = new TreeMap<>();
    private final List<String> lost = new ArrayList<>();
    private long startedNanos;
    private boolean hasBegun;
    private long lostCount;
    private long read;
    private long applied;
    private long duplicate;
    private long failed;

    /** @param snapshot of all letters of the run; those that had ended are counted already */
    public Tally(String redriveId, Snapshot snapshot) {
        this.redriveId = redriveId;
        this.selected = snapshot.matched();
        snapshot.ended().forEach((state, count) -> {
            read += count;
            if (isDone(state)) {
                duplicate += count;
            } else {
                skipped.merge(inState(state), count, Long::sum);
            }
        });
    }

    /** Whether an earlier run has done it; nobody has, where a letter was given up. */
    static boolean isDone(LetterState state) {
        return state == LetterState.SENT || state == LetterState.RESOLVED;
    }

    /** The reason for which a letter in a state is left as it is. */
    public static String inState(LetterState state) {
        return switch (state) {
            case PARKED, QUARANTINED -> "it is " + state + ", and the filter does not name that state";
            default -> "it is " + state;
        };
    }

    /** The time counts from here; from the first call. */
    public void begins() {
        if (!hasBegun) {
            hasBegun = true;
            startedNanos = System.nanoTime();
        }
    }

    /** The owners in a group have done it. */
    public void appliedBy(String group, long count) {
        read += count;
        applied += count;
        if (count > 0) {
            inPlace.merge(group, count, Long::sum);
        }
    }

    /** @param target where a copy went; null where only its state has changed */
    void applied(@Nullable String target) {
        read++;
        applied++;
        if (target != null) {
            targets.merge(target, 1L, Long::sum);
        }
    }

    public void duplicate(long count) {
        read += count;
        duplicate += count;
    }

    public void failed(long count) {
        read += count;
        failed += count;
    }

    public void skipped(String reason) {
        read++;
        skipped.merge(
                skipped.size() < MAX_REASONS || skipped.containsKey(reason) ? reason : OTHER_REASONS, 1L, Long::sum);
    }

    public void lost(String id) {
        lostCount++;
        if (lost.size() < RedriveReport.MAX_LOST) {
            lost.add(id);
        }
    }

    public long appliedCount() {
        return applied;
    }

    public long failedCount() {
        return failed;
    }

    public double failedShare() {
        return failed == 0 ? 0 : (double) failed / (applied + failed);
    }

    public RedriveReport report(Ending ending) {
        return new RedriveReport(
                redriveId,
                selected,
                read,
                applied,
                inPlace,
                targets,
                duplicate,
                failed,
                skipped,
                lost,
                lostCount,
                ending,
                hasBegun ? Duration.ofNanos(System.nanoTime() - startedNanos) : Duration.ZERO);
    }
}
