package dev.semel.examples.benchmarks.run;

import dev.semel.examples.benchmarks.workload.Feed;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends records on a thread of its own, each when it is due, whatever has become of those before. Where it is late it sends at
 * once, and the record still says when it was due: waiting for a slow contestant counts.
 *
 * <p>Safe for use by several threads.
 */
final class SteadyFeed implements AutoCloseable {

    private static final long PATIENCE_NANOS = 100_000;

    private final Feed feed;
    private final long perSecond;
    private final long most;
    private final LongSupplier room;
    private final Thread thread = new Thread(this::run, "feed");
    private volatile boolean closing;
    private volatile long sent;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;

    /**
     * Not started.
     *
     * @param perSecond how many are due each second; 0 for as many as there is room for
     * @param most after how many it ends
     * @param room up to which number records may be sent now, asked before each
     */
    SteadyFeed(Feed feed, long perSecond, long most, LongSupplier room) {
        this.feed = feed;
        this.perSecond = perSecond;
        this.most = most;
        this.room = room;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            long startNanos = System.nanoTime();
            long number = 0;
            while (!closing && number < most) {
                long now = System.nanoTime();
                long dueNanos = perSecond == 0 ? now : startNanos + number * 1_000_000_000L / perSecond;
                if (dueNanos > now) {
                    LockSupport.parkNanos(dueNanos - now);
                } else if (number >= room.getAsLong()) {
                    LockSupport.parkNanos(PATIENCE_NANOS);
                } else {
                    feed.send(dueNanos);
                    sent = ++number;
                }
            }
            feed.flush();
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            ended = true;
        }
    }

    /** How many were sent. */
    long sent() {
        return sent;
    }

    /**
     * Whether it has sent the last.
     *
     * @throws RunFailedException where it could not
     */
    boolean isEnded() {
        @Nullable Throwable e = failure;
        if (e != null) {
            throw new RunFailedException("the load could not be sent: " + e, e);
        }
        return ended;
    }

    /** Sends nothing more. */
    void end() {
        closing = true;
    }

    @Override
    public void close() {
        end();
        boolean interrupted = Thread.interrupted();
        try {
            thread.join();
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        feed.close();
    }
}
