package dev.semel.dlq.internal.copy;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.RedriveReport;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a run was told.
 *
 * @param redriveId names it
 * @param actor who runs it
 * @param reason why, if anybody said so
 * @param into the state of letters that it has applied itself to
 * @param takes the states from which it does
 * @param targets where copies go; null where none are made
 * @param ratePerSecond letters a second at most; 0 for as fast as it goes
 * @param canary so many first; 0 for none
 * @param goOn asked after the canary
 * @param maxFailedShare ends the run when a larger share of the letters that it tried has failed again
 * @param cancelled at zero it ends
 * @param progress told after each transaction
 */
public record RunSettings(
        String redriveId,
        String actor,
        @Nullable String reason,
        LetterState into,
        Set<LetterState> takes,
        @Nullable Targets targets,
        double ratePerSecond,
        int canary,
        Predicate<RedriveReport> goOn,
        double maxFailedShare,
        CountDownLatch cancelled,
        Consumer<RedriveReport> progress) {

    /** The same for what follows after so many letters. */
    public RunSettings after(int letters) {
        return new RunSettings(
                redriveId,
                actor,
                reason,
                into,
                takes,
                targets,
                ratePerSecond,
                Math.max(0, canary - letters),
                goOn,
                maxFailedShare,
                cancelled,
                progress);
    }
}
