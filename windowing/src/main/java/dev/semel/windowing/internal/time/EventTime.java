package dev.semel.windowing.internal.time;

import java.time.Duration;

/** Points in event time as {@code long}, in milliseconds, with sums that stop at the ends of the range instead of wrapping. */
public final class EventTime {

    /** Before every point: a mark of this value has not been reported. */
    public static final long MIN = Long.MIN_VALUE;

    /** After every point: the watermark of input that has come to its end. */
    public static final long MAX = Long.MAX_VALUE;

    private EventTime() {}

    /** {@code time + duration}, at most {@link #MAX}. */
    public static long plus(long time, long durationNotNegative) {
        long sum = time + durationNotNegative;
        return sum < time ? MAX : sum;
    }

    /** {@code time - duration}, at least {@link #MIN}. */
    public static long minus(long time, long durationNotNegative) {
        long difference = time - durationNotNegative;
        return difference > time ? MIN : difference;
    }

    /**
     * The milliseconds of a setting.
     *
     * @param name of the setting, for the message
     * @throws IllegalArgumentException if it is negative, is more than a {@code long} holds, or has a fraction of a millisecond
     */
    public static long notNegative(String name, Duration duration) {
        long millis = exact(name, duration);
        if (millis < 0) {
            throw new IllegalArgumentException(
                    name + " is " + duration + ", and cannot be negative: give zero or more");
        }
        return millis;
    }

    /**
     * The milliseconds of a setting that cannot be nothing.
     *
     * @param name of the setting, for the message
     * @throws IllegalArgumentException if it is not positive, is more than a {@code long} holds, or has a fraction of a millisecond
     */
    public static long positive(String name, Duration duration) {
        long millis = exact(name, duration);
        if (millis <= 0) {
            throw new IllegalArgumentException(
                    name + " is " + duration + ", and has to be positive: give 1 ms or more");
        }
        return millis;
    }

    /**
     * The milliseconds of a setting that may be negative.
     *
     * @param name of the setting, for the message
     * @throws IllegalArgumentException if it is more than a {@code long} holds, or has a fraction of a millisecond
     */
    public static long exact(String name, Duration duration) {
        long millis;
        try {
            millis = duration.toMillis();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    name + " is " + duration + ", more milliseconds than a long holds: give at most "
                            + Duration.ofMillis(MAX),
                    e);
        }
        if (!Duration.ofMillis(millis).equals(duration)) {
            throw new IllegalArgumentException(
                    name + " is " + duration + ", and event time has whole milliseconds: give a multiple of 1 ms");
        }
        return millis;
    }
}
