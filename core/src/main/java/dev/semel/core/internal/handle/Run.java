package dev.semel.core.internal.handle;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * Deliveries being handled by a thread, against a deadline.
 *
 * <pre>{@code
 * PREPARING --> RUNNING -- deadline: interrupted --> OVERDUE -- still no end --> ABANDONED
 *                  |                                    |                            |
 *                  +------------------------------> ENDED by its own thread <--------+
 * }</pre>
 *
 * <p>From OVERDUE on nothing that it still does counts. Begun and ended by its own thread; watched by the poll thread.
 */
final class Run {

    private enum State {
        PREPARING,
        RUNNING,
        OVERDUE,
        ABANDONED,
        ENDED
    }

    /** No lock where all goes well: it is taken for each record. */
    private static final AtomicReferenceFieldUpdater<Run, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Run.class, State.class, "state");

    private final List<Delivery> deliveries;
    private final long startedNanos;
    private final Thread thread = Thread.currentThread();
    private volatile State state = State.PREPARING;
    private boolean late;

    /** Not the run itself: the poll thread must not wait for the policy, which is the user's code. */
    private final Object decision = new Object();

    private boolean decided;
    private volatile List<Delivery> called = List.of();

    /** Of the calling thread, from now on. */
    Run(List<Delivery> deliveries, long nowNanos) {
        this.deliveries = deliveries;
        this.startedNanos = nowNanos;
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    /** What is handled, where that is a single record. */
    Delivery delivery() {
        return deliveries.get(0);
    }

    Lane lane() {
        return delivery().lane();
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Whether what it does still counts. */
    boolean isInTime() {
        return state == State.RUNNING;
    }

    boolean isAbandoned() {
        return state == State.ABANDONED;
    }

    /** The user's code is called from now on, and may be interrupted. */
    void begin() {
        state = State.RUNNING;
    }

    /** Interrupts it, once, where the user's code runs. */
    synchronized void interrupt() {
        if (STATE.compareAndSet(this, State.RUNNING, State.OVERDUE)) {
            thread.interrupt();
        }
    }

    /**
     * Gives it up, once, where it has not ended although it was interrupted.
     *
     * @return whether this call did it
     */
    synchronized boolean abandon() {
        boolean given = state == State.OVERDUE;
        if (given) {
            state = State.ABANDONED;
        }
        return given;
    }

    /**
     * The user's code has returned.
     *
     * @return whether in time; if not, and only then, {@link #decide} is to be called
     */
    boolean end() {
        if (STATE.compareAndSet(this, State.RUNNING, State.ENDED)) {
            return true;
        }
        synchronized (this) {
            // The interrupt, which has come by now, was for the user's code; the thread goes on.
            Thread.interrupted();
            if (state != State.ENDED) {
                late = true;
            }
            if (state == State.OVERDUE) {
                state = State.ENDED;
            }
        }
        return !late;
    }

    /** Decides, once, what becomes of deliveries that were not handled in time: when they end, or when they are given up. */
    void decide(Runnable what) {
        synchronized (decision) {
            if (!decided) {
                decided = true;
                what.run();
            }
        }
    }

    /** The user's code is called for these of its deliveries. */
    void calls(List<Delivery> batch) {
        called = batch;
    }

    /** For which deliveries the user's code was called together. */
    List<Delivery> called() {
        return called;
    }
}
