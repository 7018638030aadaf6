package dev.semel.core.internal.handle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records that are handled one after the other, in the order in which they came. A lane holds a thread while it handles, not
 * while it waits to try again.
 *
 * <p>Threading: added to and given up on the poll thread, run by the executor.
 */
final class Lane implements Runnable {

    /** How many records a lane handles before others get their turn. */
    private static final int TURN = 64;

    private final Attempts attempts;
    private final Executor executor;
    private final Timer timer;

    private final Deque<Delivery> queue = new ArrayDeque<>();
    private boolean scheduled;
    private boolean running;

    Lane(Attempts attempts, Executor executor, Timer timer) {
        this.attempts = attempts;
        this.executor = executor;
        this.timer = timer;
    }

    void add(Collection<Delivery> deliveries) {
        synchronized (this) {
            queue.addAll(deliveries);
            if (scheduled || queue.isEmpty()) {
                return;
            }
            scheduled = true;
        }
        executor.execute(this);
    }

    @Override
    public void run() {
        for (int handled = 0; handled < TURN; handled++) {
            @Nullable Delivery delivery = next();
            if (delivery == null) {
                return;
            }
            Optional<Duration> delay = attempts.attempt(delivery);
            attempted(delivery, delay.isEmpty());
            if (delay.isPresent()) {
                timer.after(delay.get(), () -> executor.execute(this));
                return;
            }
        }
        executor.execute(this);
    }

    private synchronized @Nullable Delivery next() {
        @Nullable Delivery delivery = queue.peekFirst();
        running = delivery != null;
        scheduled = running;
        return delivery;
    }

    private synchronized void attempted(Delivery delivery, boolean done) {
        // What was given up meanwhile has taken the delivery out already.
        if (done && queue.peekFirst() == delivery) {
            queue.removeFirst();
        }
        running = false;
        notifyAll();
    }

    /** Forgets what has not been started. */
    synchronized void giveUp() {
        queue.clear();
    }

    /**
     * Waits until no handler runs on this lane; one that waits to try again does not run. Deliveries that are no longer wanted
     * end at once, so a lane whose window wants none is idle for good.
     *
     * @return whether that was so in time
     */
    synchronized boolean awaitIdle(long deadlineNanos) throws InterruptedException {
        while (running) {
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
        }
        return true;
    }
}
