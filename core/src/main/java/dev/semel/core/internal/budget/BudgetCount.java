package dev.semel.core.internal.budget;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one partition has spent in a window. Windows do not overlap; one begins with the first record after the end of the last.
 * A clock that is set back, or that of another host, buys nothing: what was counted stays, and the window begins at the earlier
 * time, so that it ends in time even if the other clock was far ahead.
 *
 * @param sinceMillis when the window began; 0 where none has
 * @param records that were decided in it
 * @param letters how many of these became letters
 * @param trippedBy the version of the application that has used the budget up, empty where it has none; null where it is not used
 *     up
 */
public record BudgetCount(
        long sinceMillis,
        long records,
        long letters,
        @Nullable String trippedBy) {

    public static final BudgetCount NONE = new BudgetCount(0, 0, 0, null);

    /** With so many more records and letters among them. */
    BudgetCount plus(long moreRecords, long moreLetters, long nowMillis, Duration window) {
        if (moreRecords == 0) {
            return this;
        }
        boolean within = sinceMillis != 0 && nowMillis - sinceMillis < window.toMillis();
        return within
                ? new BudgetCount(
                        Math.min(sinceMillis, nowMillis), records + moreRecords, letters + moreLetters, trippedBy)
                : new BudgetCount(nowMillis, moreRecords, moreLetters, trippedBy);
    }

    /** Without a letter that was counted, and is not written after all. */
    BudgetCount withoutLetter() {
        // None where a window has begun since: what is left of it is the new one's.
        return letters == 0 ? this : new BudgetCount(sinceMillis, records - 1, letters - 1, trippedBy);
    }

    BudgetCount trippedBy(@Nullable String version) {
        return new BudgetCount(sinceMillis, records, letters, version);
    }
}
