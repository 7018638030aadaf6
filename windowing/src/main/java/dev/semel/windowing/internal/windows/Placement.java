package dev.semel.windowing.internal.windows;

import dev.semel.windowing.internal.time.EventTime;

/**
 * Says which times an event can have: those of whose windows each can be named. The ends of the range of numbers are a limit, and a
 * point before which no window may begin can be another.
 *
 * <p>Threading: one thread.
 */
@FunctionalInterface
public interface Placement {

    /** Whether an event of this time has windows all of which can be named. */
    boolean contains(long timestamp);

    /** Of sessions: one begins with its first event, and ends this much after its last. */
    static Placement ofSessions(long gapMillis, long earliestStart) {
        return timestamp -> timestamp >= earliestStart
                && timestamp != EventTime.MIN
                && EventTime.plus(timestamp, gapMillis) == timestamp + gapMillis;
    }
}
