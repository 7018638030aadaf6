package dev.semel.core;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.core.failure.StartupException;
import dev.semel.core.health.Health;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.internal.observe.Observer;
import dev.semel.core.internal.poll.Lifecycle;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads events from Kafka topics as a member of a consumer group, runs a handler for each, and commits what handlers sent, the
 * dead letters of what could not be handled, and the offsets of both in one transaction. A {@code read_committed} reader of the
 * outputs never sees one without the others, through crashes, rebalances, fencing and broker restarts.
 *
 * <p>Ordering: records with the same key are handled one after the other, others beside each other ({@link ProcessingOrder} says
 * how to have it otherwise). Outputs become visible in the order of the records' offsets within each source partition.
 *
 * <p>Threading: all methods may be called by any thread. One thread of the processor's own, named after the group, owns its Kafka
 * clients; it is no daemon, so the JVM lives while the processor runs. Handlers run on threads of a pool.
 *
 * <pre>{@code
 * try (var processor = EventProcessor.<String, Order>builder()
 *         .kafka(Map.of("bootstrap.servers", "localhost:9092"))
 *         .group("inventory-service")
 *         .topics("orders")
 *         .events(JsonEvents.of(Order.class))
 *         .handler((event, context) -> context.send("reservations", event.key(), reserve(event.value())))
 *         .build()) {
 *     processor.start();
 *     processor.awaitTermination();
 * }
 * }</pre>
 *
 * @param <K> the type of the events' key
 * @param <V> the type of the events' value
 */
public final class EventProcessor<K extends @Nullable Object, V extends @Nullable Object> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventProcessor.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final ProcessorSettings<K, V> settings;
    private final Lifecycle lifecycle;
    private final Observer observer;
    private volatile @Nullable RunningProcessor<K, V> running;

    EventProcessor(ProcessorSettings<K, V> settings) {
        this.settings = settings;
        this.lifecycle = new Lifecycle(settings.group(), settings.listeners());
        this.observer = new Observer(lifecycle, settings.observed(), System::nanoTime);
    }

    public static <K extends @Nullable Object, V extends @Nullable Object> EventProcessorBuilder<K, V> builder() {
        return new EventProcessorBuilder<>();
    }

    /**
     * Checks cluster, topics, permissions, transactions and limits, trying again until the start deadline, then begins to join the
     * group and returns. Joining and assignment follow; {@link #state} shows them.
     *
     * @throws StartupException where a check fails for good, or the deadline passes; the processor is then FAILED, has closed its
     *     clients, and has handled nothing
     * @throws IllegalStateException where it was started or closed before: a processor runs once
     */
    public synchronized void start() {
        if (lifecycle.state() != ProcessorState.CREATED) {
            throw new IllegalStateException(
                    "processor " + settings.group() + " is " + lifecycle.state() + ": a processor is started once");
        }
        lifecycle.become(ProcessorState.STARTING);
        try {
            running = RunningProcessor.start(settings, lifecycle, observer);
        } catch (Throwable e) {
            lifecycle.failed(e);
            throw e;
        }
    }

    /** The present state. */
    public ProcessorState state() {
        return lifecycle.state();
    }

    /**
     * Lets the processor handle nothing more until {@link #resume}: handlers that run end, what is complete is committed, and the
     * processor stays a member with its partitions, in state PAUSED. Returns at once. May be called before the start; where the
     * processor is paused already, the reason joins the others.
     *
     * @param reason what {@link #pauseReason}, health and the log say
     */
    public void pause(String reason) {
        lifecycle.pause(Objects.requireNonNull(reason, "reason"));
    }

    /**
     * Goes on after a pause, whoever asked for it: look at {@link #pauseReason} before. A dead-letter budget that is used up begins
     * anew, others go on as they are. Without effect where the processor is not paused.
     */
    public void resume() {
        @Nullable RunningProcessor<K, V> started = running;
        if (started != null && lifecycle.isPaused()) {
            started.renewBudgets();
        }
        lifecycle.resume();
    }

    /** Why the processor is paused, or about to be; empty where it is not. */
    public Optional<String> pauseReason() {
        return Optional.ofNullable(lifecycle.pauseReason());
    }

    /**
     * How the processor is now, for probes and alarms. Quick and without a call to the cluster, which is looked at in the
     * background; works in every state.
     */
    public Health health() {
        return observer.health();
    }

    /**
     * The metrics of the processor, read when they are asked for: {@link dev.semel.core.health.ProcessorMetric} and {@link
     * dev.semel.core.health.PartitionMetric} list them. The same are in JMX, in the domain {@code dev.semel}. Empty before
     * {@link #start} has returned, and after the end.
     */
    public Map<MetricName, ? extends Metric> metrics() {
        return observer.metrics();
    }

    /** Why the processor is FAILED, or is about to be. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(lifecycle.stopCause());
    }

    /**
     * Waits until the processor has ended.
     *
     * @throws ProcessorFailedException where it has FAILED, with the cause
     * @throws Error where a handler threw one: that very error
     */
    public void awaitTermination() throws InterruptedException {
        boolean ended = false;
        while (!ended) {
            ended = awaitTermination(Duration.ofDays(1));
        }
    }

    /**
     * Waits until the processor has ended, or this time has passed.
     *
     * @return whether it has ended
     * @throws ProcessorFailedException where it has FAILED, with the cause
     * @throws Error where a handler threw one: that very error
     */
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        if (!lifecycle.awaitEnd(timeout)) {
            return false;
        }
        @Nullable Throwable failure = lifecycle.stopCause();
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new ProcessorFailedException(
                    "processor " + settings.group() + " has failed: " + failure.getMessage(), failure);
        }
        return true;
    }

    /** Closes with a timeout of 30 s: see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /**
     * Stops polling, waits for running handlers (up to the drain timeout), commits what is complete, leaves the group (an
     * instance with a name stays a member, so that its partitions wait for its return) and closes all clients. What was not complete is handled again by the next owner. Does nothing where the processor has ended.
     *
     * @param timeout how long to wait for all that; afterwards running handlers are interrupted and this method returns
     */
    public void close(Duration timeout) {
        lifecycle.close();
        @Nullable RunningProcessor<K, V> started;
        synchronized (this) {
            started = running;
            if (lifecycle.state() == ProcessorState.CREATED) {
                lifecycle.become(ProcessorState.STOPPING);
                lifecycle.become(ProcessorState.STOPPED);
            }
        }
        if (started == null) {
            return;
        }
        try {
            if (!lifecycle.awaitEnd(timeout)) {
                log.warn(
                        "Processor {} did not close within {}: its handlers are interrupted",
                        settings.group(),
                        timeout);
                started.interruptHandlers();
            }
        } catch (InterruptedException e) {
            started.interruptHandlers();
            Thread.currentThread().interrupt();
        }
    }
}
