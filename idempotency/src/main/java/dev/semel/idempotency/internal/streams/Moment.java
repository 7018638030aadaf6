package dev.semel.idempotency.internal.streams;

/**
 * What the two clocks of a task say, in milliseconds since 1970.
 *
 * @param eventTimeMs the stream time of the task, but never later than the wall clock; negative where no record was seen yet
 * @param wallTimeMs the wall clock
 */
public record Moment(long eventTimeMs, long wallTimeMs) {

    /** A timestamp from the future must not end the retention of all that came before it: it counts as now. */
    public static Moment of(long streamTimeMs, long wallTimeMs) {
        return new Moment(Math.min(streamTimeMs, wallTimeMs), wallTimeMs);
    }
}
