package dev.semel.dlq.internal.copy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Keeps a run to its rate, on average since it began. For one thread. */
final class Pace {

    /** So that a slow rate moves letters evenly, and a fast one not in single ones. */
    private static final int TRANSACTIONS_A_SECOND = 10;

    private final double perSecond;
    private final LongSupplier nanoTime;
    private final CountDownLatch cancelled;
    private final long startedNanos;

    /** @param perSecond 0 for no bound */
    Pace(double perSecond, LongSupplier nanoTime, CountDownLatch cancelled) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.cancelled = cancelled;
        this.startedNanos = nanoTime.getAsLong();
    }

    /** How many may go together. */
    int atOnce(int most) {
        return perSecond == 0 ? most : (int) Math.max(1, Math.min(most, perSecond / TRANSACTIONS_A_SECOND));
    }

    /** Waits until so many more may go; not any longer than until somebody cancels. */
    void await(long moved, int more) throws InterruptedException {
        if (perSecond > 0) {
            // The last of them is not to go before its time.
            long dueNanos = startedNanos + (long) ((moved + more - 1) / perSecond * 1e9);
            cancelled.await(dueNanos - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
        }
    }
}
