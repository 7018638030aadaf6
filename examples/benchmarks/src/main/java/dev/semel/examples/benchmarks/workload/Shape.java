package dev.semel.examples.benchmarks.workload;

import java.time.Duration;

/**
 * How events lie in time: one after the other, each up to {@link #DISORDER} before its place, in windows of a minute.
 *
 * @param beginMillis the time of the first event, at the beginning of a window
 * @param stepMicros from one event's place to the next one's, in microseconds
 * @param keys how many there are, evenly distributed
 */
public record Shape(long beginMillis, long stepMicros, int keys) {

    /** Of windows. */
    public static final Duration SIZE = Duration.ofMinutes(1);

    /** How long windows accept events that are behind. */
    public static final Duration LATENESS = Duration.ofSeconds(5);

    /** How far an event can be behind the latest: always less, so that none is late. */
    static final Duration DISORDER = Duration.ofSeconds(5);

    private static final Duration WORKLOAD_W = Duration.ofMinutes(10);
    private static final int WORKLOAD_W_KEYS = 10_000;
    private static final int SUCCESSIVE_KEYS = 100;
    private static final Duration SUCCESSIVE_STEP = SIZE.dividedBy(100);

    /** Workload W: so many events over ten minutes. */
    public static Shape workloadW(long events, long nowMillis) {
        return new Shape(
                windowBefore(nowMillis - Duration.ofDays(1).toMillis()),
                Math.max(1, WORKLOAD_W.toNanos() / 1_000 / events),
                WORKLOAD_W_KEYS);
    }

    /** Many windows one after the other, of a hundred events each, all in the past: brokers refuse what is in the future. */
    public static Shape successive(long events, long nowMillis) {
        return new Shape(
                windowBefore(nowMillis
                        - SUCCESSIVE_STEP.multipliedBy(events).toMillis()
                        - Duration.ofDays(1).toMillis()),
                SUCCESSIVE_STEP.toNanos() / 1_000,
                SUCCESSIVE_KEYS);
    }

    private static long windowBefore(long millis) {
        return millis - Math.floorMod(millis, SIZE.toMillis());
    }
}
