package dev.semel.core.internal.poll;

import dev.semel.core.health.ProcessorListener;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.internal.handle.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a processor, why it is paused and why it ended. Any thread may look, tell it to pause, to close or to stop; the
 * thread that runs the processor moves it on.
 */
public final class Lifecycle implements Stop {

    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private final String name;
    private final Announcements announcements;
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile ProcessorState state = ProcessorState.CREATED;
    private volatile @Nullable String pauseReason;
    private final Map<Object, String> outages = new LinkedHashMap<>();
    private volatile @Nullable String outage;
    private volatile Map<TopicPartition, String> full = Map.of();
    private volatile long sinceNanos = System.nanoTime();
    private volatile boolean closing;
    private volatile @Nullable Throwable stopCause;
    private volatile Runnable waker = () -> {};

    /** @param name the processor's, for messages */
    public Lifecycle(String name) {
        this(name, List.of());
    }

    /** @param listeners are told of each change */
    public Lifecycle(String name, List<ProcessorListener> listeners) {
        this.name = name;
        this.announcements = new Announcements(name, listeners);
    }

    public ProcessorState state() {
        return state;
    }

    /** Since when it has been in this state, by {@link System#nanoTime}. */
    public long sinceNanos() {
        return sinceNanos;
    }

    /** Goes to another state; to the present one without effect. */
    public synchronized void become(ProcessorState next) {
        if (state == next) {
            return;
        }
        if (!state.canBecome(next)) {
            throw new IllegalStateException("processor " + name + " cannot go from " + state + " to " + next);
        }
        log.info("Processor {}: {} -> {}", name, state, next);
        announcements.announce(state, next, reason(next));
        sinceNanos = System.nanoTime();
        state = next;
        if (next.isTerminal()) {
            ended.countDown();
        }
    }

    private String reason(ProcessorState next) {
        @Nullable Throwable cause = stopCause;
        @Nullable String paused = pauseReason();
        return switch (next) {
            case CREATED -> "it was built";
            case STARTING -> "it was told to start";
            case REBALANCING -> "it joins its group, or is between two assignments";
            case RUNNING -> "it is a member of its group and handles what it is assigned";
            case RECOVERING -> "it restores a partition, or waits for the outcome of a transaction";
            case PAUSED -> paused == null ? "it was paused" : paused;
            case STOPPING, STOPPED -> "it was told to close";
            case FAILED -> String.valueOf(cause);
        };
    }

    /** Ends the processor in FAILED, for the cause that was told first. */
    public synchronized void failed(Throwable cause) {
        because(cause);
        if (!state.isTerminal()) {
            become(ProcessorState.FAILED);
        }
    }

    @Override
    public void because(Throwable cause) {
        synchronized (this) {
            if (stopCause == null && !state.isTerminal()) {
                log.error("Processor {} stops in state FAILED", name, cause);
                stopCause = cause;
            } else if (stopCause != cause) {
                log.warn("Processor {} stops already; another failure on the way", name, cause);
            }
        }
        wake();
    }

    /** Lets nothing more be handled until {@link #resume}, for this reason as well where there is one already. */
    public void pause(String reason) {
        synchronized (this) {
            if (pauseReason != null && pauseReason.contains(reason)) {
                return;
            }
            log.warn("Processor {} pauses: {}", name, reason);
            pauseReason = pauseReason == null ? reason : pauseReason + "; and " + reason;
        }
        wake();
    }

    /**
     * Goes on after a pause.
     *
     * @return whether it was paused
     */
    public boolean resume() {
        synchronized (this) {
            if (pauseReason == null) {
                return false;
            }
            log.info("Processor {} goes on after: {}", name, pauseReason);
            pauseReason = null;
        }
        wake();
        return true;
    }

    /** What somebody depends on cannot be reached: nothing more is handled until it is {@link #available}. */
    public void unavailable(Object who, String reason) {
        synchronized (this) {
            if (reason.equals(outages.put(who, reason))) {
                return;
            }
            log.warn("Processor {} waits: {}", name, reason);
            outage = String.join("; and ", outages.values());
        }
        wake();
    }

    /** What somebody depends on can be reached again. */
    public void available(Object who) {
        synchronized (this) {
            @Nullable String over = outages.remove(who);
            if (over == null) {
                return;
            }
            log.info("Processor {} no longer waits: {}", name, over);
            outage = outages.isEmpty() ? null : String.join("; and ", outages.values());
        }
        wake();
    }

    /** These partitions are not read on, since participants take no more of them, for these reasons. */
    void full(Map<TopicPartition, String> partitions) {
        if (!partitions.equals(full)) {
            full = Map.copyOf(partitions);
            if (partitions.isEmpty()) {
                log.info("Processor {} reads all its partitions again", name);
            } else {
                log.warn("Processor {} does not read on: {}", name, fullReason());
            }
        }
    }

    private @Nullable String fullReason() {
        Map<TopicPartition, String> now = full;
        if (now.isEmpty()) {
            return null;
        }
        var byReason = new TreeMap<String, Set<String>>();
        now.forEach((partition, reason) ->
                byReason.computeIfAbsent(reason, any -> new TreeSet<>()).add(partition.toString()));
        return byReason.entrySet().stream()
                .map(one -> "of " + String.join(", ", one.getValue()) + " " + one.getKey())
                .collect(Collectors.joining("; and "));
    }

    /** Why nothing is handled at present, or not all that is assigned is read; null where that is not so. */
    public @Nullable String pauseReason() {
        return joined(pauseReason, outage, fullReason());
    }

    /** Why nothing is handled at present; empty where that is not so. */
    public Optional<String> paused() {
        return Optional.ofNullable(joined(pauseReason, outage));
    }

    private static @Nullable String joined(@Nullable String... reasons) {
        var given = new ArrayList<String>();
        for (@Nullable String reason : reasons) {
            if (reason != null) {
                given.add(reason);
            }
        }
        return given.isEmpty() ? null : String.join("; and ", given);
    }

    public boolean isPaused() {
        return pauseReason != null || outage != null;
    }

    /** Why the processor stops or has stopped, if not because it was told to close. */
    public @Nullable Throwable stopCause() {
        return stopCause;
    }

    /** Asks the processor to close. */
    public void close() {
        closing = true;
        wake();
    }

    /** The poll thread looks for news soon. */
    public void wakeUp() {
        wake();
    }

    private void wake() {
        synchronized (this) {
            notifyAll();
        }
        waker.run();
    }

    /**
     * Waits until the processor was told to close or to stop, or this time has passed.
     *
     * @return whether it was told so
     */
    public synchronized boolean awaitEnding(Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        for (long left = timeout.toNanos(); left > 0 && !isEnding(); left = deadlineNanos - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return isEnding();
    }

    boolean isEnding() {
        return closing || stopCause != null;
    }

    /** What gets the poll thread out of a poll. */
    public void wakeWith(Runnable waker) {
        this.waker = waker;
    }

    /** Waits for a terminal state. */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
}
