package dev.semel.dlq.internal.keep;

import java.time.Duration;

/** So much a second, and as much at once where nothing was taken before. Thread-safe. */
final class Allowance {

    private static final double MILLIS_PER_SECOND = Duration.ofSeconds(1).toMillis();

    private final int perSecond;
    private double left;
    private long lastMillis = Long.MIN_VALUE;

    Allowance(int perSecond) {
        this.perSecond = perSecond;
        this.left = perSecond;
    }

    /** Whether one more may be begun now, which it then is. A clock that goes back allows nothing. */
    synchronized boolean take(long nowMillis) {
        if (lastMillis != Long.MIN_VALUE && nowMillis > lastMillis) {
            left = Math.min(perSecond, left + (nowMillis - lastMillis) / MILLIS_PER_SECOND * perSecond);
        }
        lastMillis = nowMillis;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
