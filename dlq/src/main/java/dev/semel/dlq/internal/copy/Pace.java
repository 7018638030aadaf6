package dev.semel.dlq.internal.copy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a run to its rate: evenly, so that time in which nothing moved does not come back as a burst. For one thread.
 */
public final class Pace {

    /** So that a slow rate moves letters evenly, and a fast one not in single ones. */
    private static final int TRANSACTIONS_A_SECOND = 10;

    private final double perSecond;
    private final LongSupplier nanoTime;
    private final CountDownLatch cancelled;
    private long nextNanos;

    /** @param perSecond 0 for no bound */
    public Pace(double perSecond, LongSupplier nanoTime, CountDownLatch cancelled) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.cancelled = cancelled;
        this.nextNanos = nanoTime.getAsLong();
    }

    /** How many may go together. */
    public int atOnce(int most) {
        return perSecond == 0 ? most : (int) Math.max(1, Math.min(most, perSecond / TRANSACTIONS_A_SECOND));
    }

    /** Waits until so many more may go; not any longer than until somebody cancels. */
    public void await(int more) throws InterruptedException {
        if (perSecond > 0) {
            cancelled.await(nanosUntil(more), TimeUnit.NANOSECONDS);
        }
    }

    /** For how long so many more have to wait, which then go. */
    long nanosUntil(int more) {
        long now = nanoTime.getAsLong();
        // The last of them is not to go before its time. Who comes later than that has lost the time in between.
        long wait = Math.max(0, nextNanos + nanos(more - 1) - now);
        nextNanos = now + wait + nanos(1);
        return wait;
    }

    private long nanos(int letters) {
        return (long) (letters / perSecond * 1e9);
    }

    /**
     * How many may go together where each time takes long, however few they are: those whose time has come meanwhile too, up to those
     * of a second.
     */
    public int due(int most) {
        if (perSecond == 0) {
            return most;
        }
        double come = (nanoTime.getAsLong() - nextNanos) / 1e9 * perSecond + 1;
        return (int) Math.max(atOnce(most), Math.min(most, Math.min(come, perSecond)));
    }
}
