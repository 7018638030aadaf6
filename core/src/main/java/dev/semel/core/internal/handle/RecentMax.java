package dev.semel.core.internal.handle;

import java.time.Duration;

/** The largest of the values of the last half to whole minute; 0 where there is none. Not thread-safe. */
final class RecentMax {

    private static final long HALF_NANOS = Duration.ofSeconds(30).toNanos();

    private long beganNanos;
    private long earlier;
    private long max;

    RecentMax(long nowNanos) {
        beganNanos = nowNanos;
    }

    void add(long value, long nowNanos) {
        roll(nowNanos);
        max = Math.max(max, value);
    }

    long max(long nowNanos) {
        roll(nowNanos);
        return Math.max(earlier, max);
    }

    private void roll(long nowNanos) {
        long sinceNanos = nowNanos - beganNanos;
        if (sinceNanos >= HALF_NANOS) {
            long passed = sinceNanos / HALF_NANOS;
            earlier = passed == 1 ? max : 0;
            max = 0;
            beganNanos += passed * HALF_NANOS;
        }
    }
}
