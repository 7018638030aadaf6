package dev.semel.idempotency.internal.lease;

import dev.semel.core.failure.WaitException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for leases on daemon threads: renewals, what could not be noted at once, and forgetting what is old.
 *
 * <p>Any of that may have to wait for the table, or for a connection to it, and a renewal that comes too late ends a lease. So there are
 * some threads for renewals, where one that waits does not hold up the others, and another one for the rest.
 *
 * <p>Thread-safe.
 */
public final class Background implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Background.class);

    /** Few, since each may take a connection. */
    private static final int RENEWING_THREADS = 3;

    private static final Duration SETTLING_INTERVAL = Duration.ofSeconds(1);

    private final LeaseTable table;
    private final Unsettled unsettled = new Unsettled();
    private final ScheduledThreadPoolExecutor renewals;
    private final ScheduledThreadPoolExecutor timer;

    /** @param name of the threads */
    public Background(LeaseTable table, String name, Duration cleanUpInterval) {
        this.table = table;
        this.renewals = threads(RENEWING_THREADS, name + "-renewal");
        this.timer = threads(1, name);
        every(timer, SETTLING_INTERVAL, unsettled::settleAll);
        every(timer, cleanUpInterval, this::forget);
    }

    private static ScheduledThreadPoolExecutor threads(int count, String name) {
        var threads = new ScheduledThreadPoolExecutor(count, task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
        return threads;
    }

    /** What could not be noted at once. */
    public Unsettled unsettled() {
        return unsettled;
    }

    /** A lease that is being kept. */
    public interface Keeping extends AutoCloseable {
        /** Ends that. One renewal may still be under way. */
        @Override
        void close();
    }

    /**
     * Renews a lease until that ends.
     *
     * @param renewal returns whether there is something left to renew; what it throws is passed over, and it is run again
     * @throws IllegalStateException where this is closed
     */
    public Keeping keep(Duration interval, BooleanSupplier renewal) {
        var renewing = new Renewing(renewal);
        renewing.future = every(renewals, interval, renewing);
        return renewing::stop;
    }

    private final class Renewing implements Runnable {

        private final BooleanSupplier renewal;
        private volatile boolean stopped;
        private volatile @Nullable Future<?> future;

        Renewing(BooleanSupplier renewal) {
            this.renewal = renewal;
        }

        @Override
        public void run() {
            if (!stopped && !renewal.getAsBoolean()) {
                stop();
            }
        }

        void stop() {
            stopped = true;
            Future<?> scheduled = future;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }
    }

    private static Future<?> every(ScheduledThreadPoolExecutor threads, Duration interval, Runnable task) {
        try {
            return threads.scheduleWithFixedDelay(
                    () -> {
                        try {
                            task.run();
                        } catch (WaitException e) {
                            // The table has told of it; the next time comes.
                            log.debug("Leases are not kept at the moment: {}", e.getMessage(), e);
                        } catch (RuntimeException e) {
                            log.warn("Leases are not kept as they should be: {}", e.getMessage(), e);
                        }
                    },
                    interval.toNanos(),
                    interval.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the leases are closed", e);
        }
    }

    /** One bundle; the next comes after what has become due meanwhile. */
    private void forget() {
        if (table.forget() && !timer.isShutdown()) {
            try {
                timer.execute(this::forgetMore);
            } catch (RejectedExecutionException e) {
                log.debug("Closed while it was cleaned up; the rest is for the next time", e);
            }
        }
    }

    private void forgetMore() {
        try {
            forget();
        } catch (RuntimeException e) {
            log.warn("Old leases could not be deleted, and will be the next time: {}", e.getMessage(), e);
        }
    }

    /** Whether it is. */
    public boolean isClosed() {
        return timer.isShutdown();
    }

    /** Lets what is under way end, and notes once more what was not noted. Nothing is renewed any more. */
    @Override
    public void close() {
        renewals.shutdown();
        timer.shutdown();
        unsettled.settleAll();
        if (unsettled.size() > 0) {
            log.warn(
                    "{} effects are done or have failed without that having been noted: they are tried again when their leases end",
                    unsettled.size());
        }
    }
}
