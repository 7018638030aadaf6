package dev.semel.idempotency.internal.streams;

/**
 * How long a mark counts.
 *
 * @param millis from the moment of the mark on
 * @param byEventTime whether so much event time has to pass
 * @param byWallTime whether so much time on the wall clock has to pass
 */
public record Retention(long millis, boolean byEventTime, boolean byWallTime) {

    public Retention {
        if (millis <= 0 || !(byEventTime || byWallTime)) {
            throw new IllegalArgumentException("retention of " + millis + " ms needs a positive time and a clock");
        }
    }

    boolean isOver(Mark mark, Moment now) {
        return (!byEventTime || now.eventTimeMs() - mark.made().eventTimeMs() >= millis)
                && (!byWallTime || now.wallTimeMs() - mark.made().wallTimeMs() >= millis);
    }
}
