package dev.semel.windowing.engine;

/**
 * Why a record was rejected. New reasons come at the end.
 *
 * <p>A rejected record moves nothing: no window, no mark, no watermark. Two things may have come before it is known that it is rejected,
 * and stay: what a limit that is {@linkplain OpenStateLimit.Beyond#FORCE_ADVANCE to force} has closed to make room for it, and, with
 * {@link #AGGREGATE_FAILED}, panes on time of its key that were due and had no room in a slice before.
 */
public enum Rejection {

    /** It has no key. */
    NULL_KEY,

    /** One of its windows cannot be named: it would begin or end beyond the range of numbers, or begin before the earliest start. */
    TIMESTAMP,

    /** Its time is further ahead than the future guard allows: a wrong clock, or another unit than milliseconds. */
    FUTURE,

    /** It says nothing of its source, and has to. */
    NO_SOURCE,

    /** Its source would be one more than there may be. */
    TOO_MANY_SOURCES,

    /** It would open more state than there may be. */
    OPEN_STATE_LIMIT,

    /** The aggregate threw, or gave null. */
    AGGREGATE_FAILED,

    /** Its time, its source, its number or its new key could not be read: the function that reads it threw. */
    UNREADABLE
}
