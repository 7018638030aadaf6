package dev.semel.windowing.sequence;

/** What becomes of the events behind a gap that has not closed within its bound. */
public enum GapPolicy {

    /** The missing numbers are passed over, and what waits right behind them goes out. One of them that comes later is a duplicate. */
    EMIT,

    /**
     * All that waits for the key goes to the gaps, and the missing number is still the one that is expected: what goes out never has a
     * hole. Events that come after are behind the same gap, and go the same way when its bound is over again, until the missing one
     * comes; then those that went to the gaps can be sent again.
     */
    DEAD_LETTER,

    /** They wait on, however long and however many; the gap is counted as overdue for as long as it is open. */
    HOLD
}
