package dev.semel.core.internal.budget;

import dev.semel.core.failure.DeadLetterBudget;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The budget during one assignment of a partition. It is spent when a letter is decided, ahead of the commit that makes it last;
 * what is noted beside the offset counts only what is committed with it, so that a record which is decided again after a restart
 * does not cost twice.
 *
 * <p>Thread-safe: spent by lanes, noted by the poll thread.
 */
public final class PartitionBudget {

    private final DeadLetterBudget budget;
    private final String version;
    private final LongSupplier clockMillis;

    private BudgetCount spent;
    private boolean tripped;
    private long renewedMillis;
    private boolean noteDue;

    /**
     * @param found what the last assignment has noted
     * @param version of the application; empty where it has none
     */
    PartitionBudget(DeadLetterBudget budget, BudgetCount found, String version, LongSupplier clockMillis) {
        this.budget = budget;
        this.version = version;
        this.clockMillis = clockMillis;
        this.spent = found;
        @Nullable String by = found.trippedBy();
        if (by != null && by.equals(version) && !budget.isUnlimited()) {
            tripped = true;
        } else if (by != null) {
            renew();
        }
    }

    /** Whether it is used up. */
    public synchronized boolean isTripped() {
        return tripped;
    }

    /** Counts a record that did not become a letter. */
    synchronized void handled() {
        if (tripped) {
            // What still ends in the pause; the reason for it stays as it was told.
            return;
        }
        spent = spent.plus(1, 0, clockMillis.getAsLong(), budget.window());
    }

    /**
     * Takes a letter out of it.
     *
     * @return whether there was one left; if not, the budget stays used up until it is renewed
     */
    synchronized boolean takeLetter() {
        if (tripped) {
            return false;
        }
        BudgetCount then = spent.plus(1, 1, clockMillis.getAsLong(), budget.window());
        if (budget.covers(then.records(), then.letters())) {
            spent = then;
            return true;
        }
        tripped = true;
        noteDue = true;
        return false;
    }

    /** Gives back a letter that was taken out of it. */
    synchronized void returnLetter() {
        if (!tripped) {
            spent = spent.withoutLetter();
        }
    }

    /** Begins anew. */
    synchronized void renew() {
        noteDue |= tripped || spent.trippedBy() != null;
        spent = BudgetCount.NONE;
        tripped = false;
        renewedMillis = clockMillis.getAsLong();
    }

    /** Whether the note is to be committed although no offset may have moved; tells so once. */
    public synchronized boolean takeNoteDue() {
        boolean due = noteDue;
        noteDue = false;
        return due;
    }

    /**
     * What to note beside the offset of a commit.
     *
     * @param committed what is noted beside the last one
     * @param records how many the commit is about
     * @param letters how many of these are letters
     */
    public synchronized BudgetCount note(BudgetCount committed, long records, long letters) {
        if (budget.isUnlimited()) {
            return BudgetCount.NONE;
        }
        BudgetCount base = committed.sinceMillis() < renewedMillis ? BudgetCount.NONE : committed;
        return base.plus(records, letters, clockMillis.getAsLong(), budget.window())
                .trippedBy(tripped ? version : null);
    }

    @Override
    public synchronized String toString() {
        return spent.letters() + " of " + spent.records() + " records, where the budget is " + budget;
    }
}
