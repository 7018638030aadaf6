package dev.semel.examples.telemetry.application;

import dev.semel.examples.telemetry.reading.Reading;

/**
 * What a window says of a key.
 *
 * @param count how many readings
 * @param sum of their values
 * @param min the least value; 0 where there is none
 * @param max the greatest value; 0 where there is none
 */
public record Summary(long count, double sum, double min, double max) {

    /** Of no readings. */
    public static final Summary NONE = new Summary(0, 0, 0, 0);

    /** With one reading more; a heartbeat is none. */
    Summary plus(Reading reading) {
        if (reading.heartbeat()) {
            return this;
        }
        double value = reading.value();
        return count == 0
                ? new Summary(1, value, value, value)
                : new Summary(count + 1, sum + value, Math.min(min, value), Math.max(max, value));
    }

    /** Of the readings of both. */
    public Summary plus(Summary other) {
        if (count == 0 || other.count == 0) {
            return count == 0 ? other : this;
        }
        return new Summary(count + other.count, sum + other.sum, Math.min(min, other.min), Math.max(max, other.max));
    }

    /** The mean value; 0 where there is none. */
    public double mean() {
        return count == 0 ? 0 : sum / count;
    }
}
