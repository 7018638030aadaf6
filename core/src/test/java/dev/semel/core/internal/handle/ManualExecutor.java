package dev.semel.core.internal.handle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/** An executor and a timer whose tasks run when the test says so, on the test's thread. */
public final class ManualExecutor implements Executor, Timer {

    /** Something to be run later. */
    record Delayed(Duration delay, Runnable task) {}

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Delayed> delayed = new ArrayList<>();

    @Override
    public void execute(Runnable task) {
        tasks.addLast(task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        delayed.add(new Delayed(delay, task));
    }

    /** How many tasks wait for a thread. */
    int waiting() {
        return tasks.size();
    }

    List<Duration> delays() {
        return delayed.stream().map(Delayed::delay).toList();
    }

    /** Runs the task that has waited longest. */
    public void runNext() {
        tasks.removeFirst().run();
    }

    /** Runs tasks until none waits; what is delayed stays so. */
    public void runAll() {
        while (!tasks.isEmpty()) {
            runNext();
        }
    }

    /** Lets the time of everything come that is delayed now, and runs it. */
    void elapse() {
        var due = List.copyOf(delayed);
        delayed.clear();
        due.forEach(one -> one.task().run());
        runAll();
    }
}
