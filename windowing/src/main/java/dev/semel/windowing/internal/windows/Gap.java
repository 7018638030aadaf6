package dev.semel.windowing.internal.windows;

import dev.semel.windowing.internal.time.EventTime;

/**
 * What ends a session: so much time without an event.
 *
 * @param millis positive
 */
public record Gap(long millis) {

    /** Whether an event can be placed: not where its session would begin or end outside of the range of numbers. */
    public boolean contains(long timestamp) {
        return timestamp + millis > timestamp && timestamp != EventTime.MIN;
    }
}
