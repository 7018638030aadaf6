package dev.semel.examples.telemetry.reading;

import org.jspecify.annotations.Nullable;

/**
 * What a source measured.
 *
 * @param time of the event, in milliseconds since 1970
 * @param source whose clock that time is of; null if the line does not say
 * @param key what was measured; null if the line does not say
 * @param value the number
 * @param heartbeat whether it says nothing but how far its source has come, and counts for nothing
 */
public record Reading(
        long time, @Nullable String source, @Nullable String key, double value, boolean heartbeat) {

    /** What a source says that has nothing to report: no reading of before this will come from it. */
    public static Reading heartbeat(String source, long time) {
        return new Reading(time, source, "(heartbeat)", 0, true);
    }
}
