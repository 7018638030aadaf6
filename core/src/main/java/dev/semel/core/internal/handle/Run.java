package dev.semel.core.internal.handle;

import dev.semel.core.participant.UnitOfWork;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries being handled by a thread, against a deadline.
 *
 * <pre>{@code
 *     +------------ the processor ends ------------------+
 *     |                                                  v
 * PREPARING <--> RUNNING -- deadline: interrupted --> OVERDUE -- still no end --> ABANDONED
 *                  | |                                   |                            |
 *                  | +-----> COMMITTING --+              |                            |
 *                  +----------------------+---------> ENDED by its own thread <-------+
 * }</pre>
 *
 * <p>From OVERDUE on nothing that it still does counts; from COMMITTING on it counts whatever the time. Begun and ended by its own thread;
 * watched by the poll thread.
 */
final class Run {

    private enum State {
        PREPARING,
        RUNNING,
        COMMITTING,
        OVERDUE,
        ABANDONED,
        ENDED
    }

    /** No lock where all goes well: it is taken for each record. */
    private static final AtomicReferenceFieldUpdater<Run, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Run.class, State.class, "state");

    private final List<Delivery> deliveries;
    private volatile long startedNanos;
    private final Thread thread = Thread.currentThread();
    private volatile State state = State.PREPARING;
    private boolean late;
    private boolean cancelled;
    private @Nullable UnitOfWork work;

    /** Not the run itself: the poll thread must not wait for the policy, which is the user's code. */
    private final Object decision = new Object();

    private boolean decided;
    private volatile @Nullable Gathering gathering;

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

    /** The user's code is called from now on, and may be interrupted; unless it was broken off. */
    void begin() {
        STATE.compareAndSet(this, State.PREPARING, State.RUNNING);
    }

    /** The same, with a deadline that counts from now. */
    synchronized void beginAnew(long nowNanos) {
        if (state == State.PREPARING) {
            startedNanos = nowNanos;
            state = State.RUNNING;
        }
    }

    /**
     * It waits for something that is no fault of the user's code, and has no deadline meanwhile.
     *
     * @return false where it is late already
     */
    boolean prepares() {
        return STATE.compareAndSet(this, State.RUNNING, State.PREPARING);
    }

    /**
     * What it has done is committed from now on.
     *
     * @return false where it is late, and must not be
     */
    boolean commits() {
        return STATE.compareAndSet(this, State.RUNNING, State.COMMITTING);
    }

    /** What is to be cancelled where it is overdue; null where that has ended. */
    synchronized void isWith(@Nullable UnitOfWork begun) {
        work = begun;
    }

    /**
     * Interrupts it where it has outrun this deadline.
     *
     * @return as {@link #interrupt()} does
     */
    synchronized boolean interrupt(long nowNanos, long deadlineNanos) {
        return nowNanos - startedNanos >= deadlineNanos && interrupt();
    }

    /**
     * It is overdue: interrupts it, once, where the user's code runs.
     *
     * @return whether {@link #cancel} is to be called
     */
    synchronized boolean interrupt() {
        if (STATE.compareAndSet(this, State.RUNNING, State.OVERDUE)) {
            thread.interrupt();
        }
        boolean cancel = work != null && !cancelled && (state == State.OVERDUE || state == State.COMMITTING);
        cancelled |= cancel;
        return cancel;
    }

    /**
     * The processor ends: the same where it runs, and where it is judged as well, so that it does not begin afterwards.
     *
     * @return as {@link #interrupt()} does
     */
    synchronized boolean breakOff() {
        if (STATE.compareAndSet(this, State.PREPARING, State.OVERDUE) && work != null) {
            thread.interrupt();
        }
        return interrupt();
    }

    /** Has what blocks it come to an end. May block. */
    void cancel() {
        @Nullable UnitOfWork begun;
        synchronized (this) {
            begun = work;
        }
        if (begun != null) {
            begun.cancel();
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
        if (STATE.compareAndSet(this, State.RUNNING, State.ENDED)
                || STATE.compareAndSet(this, State.COMMITTING, State.ENDED)
                || STATE.compareAndSet(this, State.PREPARING, State.ENDED)) {
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

    /** Says, before it begins, where it writes down how far it has come. */
    void gathers(Gathering into) {
        gathering = into;
    }

    /** How far it has come; null where it handles one delivery only, or has not begun. */
    @Nullable Gathering gathering() {
        return gathering;
    }
}
