package dev.semel.core.failure;

import java.time.Duration;

/**
 * How many dead letters are taken for bad data. More of them mean that the deployment is bad: the processor then begins no further
 * record, commits what is complete, stays a member of its group in state {@code PAUSED} with the reason, and goes on when an
 * operator resumes it or another version of the application starts.
 *
 * <p>Counted for each partition on its own, in windows of fixed length, the first of which begins with its first record. The
 * count is kept beside the committed offset, so that neither a restart nor a new owner begins with a fresh budget.
 *
 * <p>Immutable.
 */
public final class DeadLetterBudget {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    // From one record on, so that there is no share of none.
    private static final DeadLetterBudget UNLIMITED =
            new DeadLetterBudget(Long.MAX_VALUE, 1, 1, Duration.ofDays(1), "unlimited");

    private final long letters;
    private final double share;
    private final long minimumRecords;
    private final Duration window;
    private final String text;

    private DeadLetterBudget(long letters, double share, long minimumRecords, Duration window, String text) {
        this.letters = letters;
        this.share = share;
        this.minimumRecords = minimumRecords;
        this.window = window;
        this.text = text;
    }

    /** Any number of letters: the default. */
    public static DeadLetterBudget unlimited() {
        return UNLIMITED;
    }

    /**
     * So many letters of a partition in a window.
     *
     * @param letters 0 or more; with 0 the first record that would become a letter pauses the processor
     * @param window from 1 ms to 366 days
     * @throws ConfigurationException where an argument is out of its range
     */
    public static DeadLetterBudget atMost(long letters, Duration window) {
        if (letters < 0) {
            throw new ConfigurationException("DeadLetterBudget.atMost: letters " + letters + " must not be negative");
        }
        return new DeadLetterBudget(letters, 1, 1, checked(window), "at most " + letters + " letters in " + window);
    }

    /**
     * So large a share of a partition's records in a window.
     *
     * @param share from 0 to 1, exclusively
     * @param minimumRecords at least 1: before so many records of the window are decided, no share is looked at
     * @param window from 1 ms to 366 days
     * @throws ConfigurationException where an argument is out of its range
     */
    public static DeadLetterBudget share(double share, long minimumRecords, Duration window) {
        if (!(share > 0 && share < 1)) {
            throw new ConfigurationException(
                    "DeadLetterBudget.share: share " + share + " must be greater than 0 and less than 1");
        }
        if (minimumRecords < 1) {
            throw new ConfigurationException("DeadLetterBudget.share: minimumRecords " + minimumRecords
                    + " must be at least 1: the first letter would be all of its window's records");
        }
        return new DeadLetterBudget(
                Long.MAX_VALUE,
                share,
                minimumRecords,
                checked(window),
                "at most " + share + " of the records in " + window + ", from " + minimumRecords + " records on");
    }

    private static Duration checked(Duration window) {
        if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
            throw new ConfigurationException(
                    "DeadLetterBudget: window " + window + " must be from 1 ms to " + LONGEST.toDays() + " days");
        }
        return window;
    }

    /** Whether nothing has to be counted. */
    public boolean isUnlimited() {
        return this == UNLIMITED;
    }

    /** How long a window is. */
    public Duration window() {
        return window;
    }

    /**
     * Whether a window's records and letters are within the budget.
     *
     * @param records that were decided, letters among them
     * @param inLetters how many of them are letters
     */
    public boolean covers(long records, long inLetters) {
        // A quotient is rounded as the literal is: 29 of 100 are 0.29, and more than 0.29 times 100.
        return inLetters <= letters && (records < minimumRecords || (double) inLetters / records <= share);
    }

    /** For messages: {@code at most 10 letters in PT1H}. */
    @Override
    public String toString() {
        return text;
    }
}
