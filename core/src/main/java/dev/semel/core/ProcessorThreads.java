package dev.semel.core;

import dev.semel.core.internal.handle.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a processor, named after its group. All but the poll thread are daemons. */
final class ProcessorThreads {

    private static final long IDLE_SECONDS = 30;

    /** Each has clients and buffers of its own: all partitions of a large assignment at once would be too much for a heap. */
    static final int RESTORES_AT_A_TIME = 8;

    private final String group;
    private final ExecutorService handlers;
    private final ExecutorService restorers;
    private final ScheduledThreadPoolExecutor scheduler;

    ProcessorThreads(String group) {
        this.group = group;
        this.handlers = asManyAsNeeded("handler");
        this.restorers = someAtATime("restore", RESTORES_AT_A_TIME);
        this.scheduler = new ScheduledThreadPoolExecutor(1, named("timer"));
        this.scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    void startPolling(Runnable loop) {
        new Thread(loop, "semel-" + group + "-poll").start();
    }

    ExecutorService handlers() {
        return handlers;
    }

    ExecutorService restorers() {
        return restorers;
    }

    Timer timer() {
        return (delay, task) -> scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Interrupts everything but the poll thread; nothing can be started afterwards. */
    void interrupt() {
        handlers.shutdownNow();
        restorers.shutdownNow();
        scheduler.shutdownNow();
    }

    /** After the end of the processor nothing is begun: the records are for their next owner. */
    private ExecutorService asManyAsNeeded(String role) {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named(role),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    private ExecutorService someAtATime(String role, int most) {
        var threads = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named(role),
                new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private ThreadFactory named(String role) {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, "semel-" + group + "-" + role + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
