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

    private final String group;
    private final ThreadPoolExecutor handlers;
    private final ExecutorService restorers;
    private final ScheduledThreadPoolExecutor scheduler;

    ProcessorThreads(String group, int concurrency) {
        this.group = group;
        this.handlers = new ThreadPoolExecutor(
                concurrency,
                concurrency,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named("handler"));
        this.handlers.allowCoreThreadTimeOut(true);
        // After the end of the processor nothing is handled or tried again: the records are for their next owner.
        this.handlers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        this.restorers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named("restore"),
                new ThreadPoolExecutor.DiscardPolicy());
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

    private ThreadFactory named(String role) {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, "semel-" + group + "-" + role + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
