package dev.semel.core.internal.handle;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.internal.release.PartitionWindow;
import dev.semel.core.internal.release.Slot;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes on which records are handled, one for each assigned partition, and the workers that go round them. A worker holds a
 * thread while it handles, not while a record waits to be tried again.
 *
 * <h2>Reasoning</h2>
 *
 * <p>Waking a thread costs more than handling a record whose handler does nothing, and a thread that is not woken costs
 * concurrency where the handler blocks. So a worker is started for each half millisecond of work that is ready, by what records
 * took lately; and, since that can be wrong about the next one, for whatever has not moved between two looks of the poll thread.
 *
 * <p>Threading: records come, are watched, drained and dropped on the poll thread; workers run on the executor. One lock guards
 * what is ready; no user code runs under it.
 */
public final class Lanes {

    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    /** How many runs a partition has before others get their turn. */
    private static final int TURN = 64;

    private static final long WORTH_A_WORKER_NANOS = 500_000;

    /** Handlers that take less than this wait for nobody, so that more of them at a time need more processors. */
    private static final long NOT_WAITING_NANOS = 50_000;

    /** The other half is busy with the clients' threads. */
    private static final int PROCESSORS_FOR_HANDLERS =
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    /** The latest run has this share in the average. */
    private static final int SMOOTHING = 32;

    /** How long an interrupted handler has to end before it is given up. */
    private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    /** How often a drain looks at the handlers that it waits for. */
    private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

    private final Attempts attempts;
    private final LaneSettings settings;
    private final Executor executor;
    private final Timer timer;
    private final LongSupplier nanoTime;
    private final BooleanSupplier paused;
    private final Stop stop;

    private final Map<PartitionWindow, Lane> lanes = new HashMap<>();
    private final Deque<Lane> turns = new ArrayDeque<>();
    private final Set<Worker> workers = new HashSet<>();
    private final Set<Slot> retrying = new HashSet<>();
    private int leftOfTurn = TURN;
    private int stuck;
    private boolean ended;
    private long averageNanos = WORTH_A_WORKER_NANOS;
    private long begun;
    private long begunAtLastWatch;
    private final RecentMax longest;
    private long attempted;
    private long attemptNanos;

    /**
     * @param attempts what is done with records
     * @param executor runs workers, on threads other than the caller's
     * @param paused whether nothing is to be begun at present; once it ends, the next look goes on
     */
    public Lanes(
            Attempts attempts,
            LaneSettings settings,
            Executor executor,
            Timer timer,
            LongSupplier nanoTime,
            BooleanSupplier paused,
            Stop stop) {
        this.attempts = attempts;
        this.settings = settings;
        this.executor = executor;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.paused = paused;
        this.stop = stop;
        this.longest = new RecentMax(nanoTime.getAsLong());
    }

    /** Puts records of a partition, in their order, onto its lane, and into its window. */
    public void handle(PartitionWindow window, List<ConsumerRecord<byte[], byte[]>> records) {
        handle(window, records, 0);
    }

    /**
     * The same for records that were attempted before.
     *
     * @param attempts how many attempts the end of a process cut short
     */
    public void handle(PartitionWindow window, List<ConsumerRecord<byte[], byte[]>> records, int attempts) {
        if (records.isEmpty()) {
            return;
        }
        Lane lane = lane(window);
        var deliveries = new ArrayList<Delivery>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            @Nullable Object sequence = settings.sequencing().of(record);
            deliveries.add(delivery(window.add(record, sequence), record, lane, sequence, attempts));
        }
        List<Worker> started;
        synchronized (this) {
            deliveries.forEach(lane::add);
            enlist(lane);
            started = start(0);
        }
        started.forEach(this::execute);
    }

    /** Puts what a participant has handed in onto the partition's lane, each behind what is there of its sequence. */
    public void redeliver(PartitionWindow window, List<Redelivery> redeliveries) {
        if (redeliveries.isEmpty()) {
            return;
        }
        Lane lane = lane(window);
        List<Slot> slots = window.add(redeliveries, settings.sequencing()::of);
        var deliveries = new ArrayList<Delivery>(slots.size());
        for (int i = 0; i < slots.size(); i++) {
            Redelivery redelivery = redeliveries.get(i);
            deliveries.add(delivery(
                    slots.get(i),
                    redelivery.record(),
                    lane,
                    settings.sequencing().of(redelivery.record()),
                    redelivery.attempts()));
        }
        List<Worker> started;
        synchronized (this) {
            deliveries.forEach(lane::comesBack);
            enlist(lane);
            started = start(0);
        }
        started.forEach(this::execute);
    }

    private Delivery delivery(
            Slot slot, ConsumerRecord<byte[], byte[]> record, Lane lane, @Nullable Object sequence, int attempts) {
        var delivery = new Delivery(record, slot, lane, sequence);
        delivery.startsAfter(attempts);
        slot.onRejection(delivery);
        if (slot.participant() != PartitionParticipant.NONE) {
            slot.onReturn(() -> comesBack(delivery));
        }
        return delivery;
    }

    private synchronized Lane lane(PartitionWindow window) {
        return lanes.computeIfAbsent(window, opened -> new Lane(this::decideAgain));
    }

    /** A refused delivery has left its lane long ago; what it holds up is only its own slot. */
    private void decideAgain(Refusal refusal) {
        execute(() -> attempts.refused(refusal).ifPresent(delay -> timer.after(delay, () -> decideAgain(refusal))));
    }

    /** A duplicate of an effect that was lost is handled after all, as if it had just come; its outcome can be there before its end. */
    private boolean comesBack(Delivery delivery) {
        List<Worker> started;
        synchronized (this) {
            for (Worker worker : workers) {
                @Nullable Run run = worker.run;
                if (run != null && run.deliveries().contains(delivery)) {
                    return false;
                }
            }
            log.info(
                    "{} is judged again: the record that it was a duplicate of has had no effect", delivery.position());
            delivery.attemptDoesNotCount();
            delivery.lane().comesBack(delivery);
            enlist(delivery.lane());
            started = start(1);
        }
        started.forEach(this::execute);
        return true;
    }

    /** Interrupts and gives up handlers that outrun their deadline, and starts workers where nothing moves. */
    public void watch() {
        long now = nanoTime.getAsLong();
        List<Run> running;
        List<Worker> started;
        synchronized (this) {
            running = workers.stream()
                    .map(worker -> worker.run)
                    .filter(run -> run != null)
                    .toList();
            // As many again: handlers that block after a time when they did not are few looks away from all their
            // threads.
            started = begun == begunAtLastWatch ? start(Math.max(1, workers.size())) : List.of();
            begunAtLastWatch = begun;
        }
        started.forEach(this::execute);
        for (Run run : running) {
            long overdueNanos =
                    now - run.startedNanos() - settings.handlerDeadline().toNanos();
            if (overdueNanos >= 0
                    && run.interrupt(now, settings.handlerDeadline().toNanos())) {
                execute(run::cancel);
            }
            if (overdueNanos >= GRACE_NANOS && run.abandon()) {
                abandoned(run);
            }
        }
    }

    private void abandoned(Run run) {
        List<Worker> started;
        synchronized (this) {
            run.lane().isNotWaitedFor();
            stuck++;
            notifyAll();
            started = start(1);
        }
        if (stuck > settings.concurrency()) {
            stop.because(new ProcessorFailedException(
                    stuck + " handlers did not end within " + settings.handlerDeadline()
                            + ", nor after an interrupt (the last at "
                            + run.delivery().position()
                            + "): their threads cannot be had back; give what they wait for a timeout"
                            + " of its own",
                    null));
        }
        started.forEach(this::execute);
        execute(() -> attempts.abandoned(run));
    }

    /** Begins nothing more, and interrupts what runs. Called by any thread. */
    public void interrupt() {
        var cancelled = new ArrayList<Run>();
        synchronized (this) {
            ended = true;
            for (Worker worker : workers) {
                @Nullable Run run = worker.run;
                if (run != null && run.breakOff()) {
                    cancelled.add(run);
                }
            }
        }
        cancelled.forEach(run -> execute(run::cancel));
    }

    /** What is handled now, and what waits to be tried again. Called by any thread. */
    public synchronized InHandling inHandling() {
        var running = new HashSet<Slot>();
        for (Worker worker : workers) {
            @Nullable Run run = worker.run;
            if (run != null) {
                run.deliveries().forEach(delivery -> running.add(delivery.slot()));
            }
        }
        return new InHandling(running, Set.copyOf(retrying));
    }

    /** How many handlers run that have outrun their deadline and an interrupt. */
    public synchronized int stuck() {
        return stuck;
    }

    /** What was done so far. Called by any thread. */
    public synchronized LaneCounts counts() {
        int running =
                (int) workers.stream().filter(worker -> worker.run != null).count();
        return new LaneCounts(attempted, attemptNanos, longest.max(nanoTime.getAsLong()), running, stuck);
    }

    /**
     * Handles nothing more of these partitions and waits for the handlers that run, each until its deadline; not for retries that
     * are due later, nor for handlers that were given up.
     *
     * @return whether all had ended in time
     */
    public boolean drain(Collection<PartitionWindow> windows, Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        synchronized (this) {
            giveUp(windows);
        }
        long leftNanos = timeout.toNanos();
        while (!awaitIdle(windows, Math.min(leftNanos, LOOK_NANOS))) {
            leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                return false;
            }
            // Nobody else does meanwhile, and a handler that has outrun its deadline is not worth waiting for.
            watch();
        }
        return true;
    }

    private synchronized boolean awaitIdle(Collection<PartitionWindow> windows, long timeoutNanos)
            throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeoutNanos;
        for (PartitionWindow window : windows) {
            @Nullable Lane lane = lanes.get(window);
            while (lane != null && !lane.isIdle()) {
                long leftNanos = deadlineNanos - System.nanoTime();
                if (leftNanos <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
            }
        }
        return true;
    }

    /** Forgets the lanes of these partitions. A handler that still runs there runs into a window that takes nothing. */
    public synchronized void drop(Collection<PartitionWindow> windows) {
        giveUp(windows);
        windows.forEach(lanes::remove);
    }

    private void giveUp(Collection<PartitionWindow> windows) {
        for (PartitionWindow window : windows) {
            window.stopHandling();
            @Nullable Lane lane = lanes.get(window);
            if (lane != null) {
                lane.giveUp();
                turns.remove(lane);
                lane.enlisted(false);
            }
        }
    }

    private void enlist(Lane lane) {
        if (lane.ready() > 0 && !lane.isEnlisted()) {
            lane.enlisted(true);
            turns.addLast(lane);
        }
    }

    /** New workers for what is ready, at least so many; to be executed outside the lock. */
    private List<Worker> start(int atLeast) {
        int ready = turns.stream().mapToInt(Lane::ready).sum();
        if (isHeld() || ready == 0) {
            return List.of();
        }
        long worth = Math.max(1, ready * averageNanos / WORTH_A_WORKER_NANOS);
        if (averageNanos < NOT_WAITING_NANOS) {
            worth = Math.min(worth, PROCESSORS_FOR_HANDLERS);
        }
        worth -= workers.size();
        long wanted =
                Math.min(Math.max(atLeast, worth), Math.min(ready, settings.concurrency() + stuck - workers.size()));
        var started = new ArrayList<Worker>();
        for (long i = 0; i < wanted; i++) {
            started.add(new Worker());
        }
        workers.addAll(started);
        return started;
    }

    private boolean isHeld() {
        return ended || paused.getAsBoolean();
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            stop.because(new ProcessorFailedException(
                    "the executor takes no more work: it must stay open, and unbounded, while the processor runs", e));
        } catch (Throwable e) {
            // No thread can be had, for example. The timer, which may be the caller, would tell nobody.
            stop.because(e);
        }
    }

    private synchronized @Nullable Run next(Worker worker, long nowNanos) {
        @Nullable Lane lane = isHeld() ? null : turns.peekFirst();
        if (lane == null) {
            workers.remove(worker);
            worker.run = null;
            return null;
        }
        begun++;
        var run = new Run(lane.take(settings.batch()), nowNanos);
        leftOfTurn--;
        if (lane.ready() == 0 || leftOfTurn == 0) {
            turns.removeFirst().enlisted(false);
            enlist(lane);
            leftOfTurn = TURN;
        }
        worker.run = run;
        return run;
    }

    /** A run's end and the next one's begin, under one lock. */
    private synchronized @Nullable Run next(Worker worker, Run ended) {
        long now = nanoTime.getAsLong();
        long tookNanos = now - ended.startedNanos();
        averageNanos += (tookNanos - averageNanos) / SMOOTHING;
        attempted += ended.deliveries().size();
        attemptNanos += tookNanos;
        longest.add(tookNanos, now);
        Lane lane = ended.lane();
        if (ended.isAbandoned()) {
            stuck--;
            lane.isWaitedForAgain();
        }
        List<Delivery> unfinished = lane.end(ended.deliveries());
        for (Delivery delivery : unfinished) {
            if (delivery.delay().isZero()) {
                lane.again(delivery);
            } else {
                retrying.add(delivery.slot());
                timer.after(delivery.delay(), () -> again(delivery));
            }
        }
        enlist(lane);
        if (lane.isIdle()) {
            notifyAll();
        }
        return next(worker, now);
    }

    private void again(Delivery delivery) {
        List<Worker> started;
        synchronized (this) {
            retrying.remove(delivery.slot());
            delivery.lane().again(delivery);
            enlist(delivery.lane());
            started = start(1);
        }
        started.forEach(this::execute);
    }

    /** Goes round the lanes, on one thread, while there is something ready. */
    private final class Worker implements Runnable {

        private @Nullable Run run;

        @Override
        public void run() {
            try {
                @Nullable Run next = next(this, nanoTime.getAsLong());
                while (next != null) {
                    attempts.attempt(next);
                    next = next(this, next);
                }
            } catch (Throwable e) {
                // Not the user's code, which is looked after where it runs: nobody else would tell.
                stop.because(e);
            }
        }
    }
}
