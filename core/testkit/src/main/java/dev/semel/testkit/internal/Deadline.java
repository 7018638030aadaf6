package dev.semel.testkit.internal;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A point in time until which something is worth waiting for. */
public final class Deadline {

    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    /**
     * A deadline from now on.
     *
     * @param wait how long to wait
     * @return the deadline
     */
    public static Deadline in(Duration wait) {
        return new Deadline(System.nanoTime() + wait.toNanos());
    }

    /**
     * Whether the time is over.
     *
     * @return true from the deadline on
     */
    public boolean passed() {
        return remainingNanos() <= 0;
    }

    /**
     * What is left.
     *
     * @return zero from the deadline on
     */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    /**
     * Waits a moment before the next look at what is awaited.
     *
     * @return whether there is time for another look
     */
    public boolean pause() {
        if (passed() || Thread.currentThread().isInterrupted()) {
            return false;
        }
        LockSupport.parkNanos(Math.min(PAUSE_NANOS, remainingNanos()));
        return true;
    }

    private long remainingNanos() {
        return endNanos - System.nanoTime();
    }
}
