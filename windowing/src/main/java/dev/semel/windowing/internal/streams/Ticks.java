package dev.semel.windowing.internal.streams;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * The ticks of one task, from its begin to its close.
 *
 * <p>Kafka Streams keeps the punctuators of a task that was found corrupted, and initialises its processors again: one that is not
 * cancelled goes on beside its successor, with the heap of the transaction that was aborted and the stores of the new one.
 *
 * <p>Threading: the task's thread.
 */
final class Ticks implements AutoCloseable {

    /** How much of a tick may go into emitting what records had no room for. */
    private static final int SHARE = 4;

    private final String name;
    private final Ticking task;
    private final long emittingNanos;
    private final Cancellable punctuator;

    /** What a task does at a tick, in this order. What it throws in the first four ends it. */
    interface Ticking {

        /** The time of day moves on. */
        void tick(long now);

        /** Whether something is to go out that records had no room for. */
        boolean hasDue();

        /** Emits some of it. */
        void emitMore();

        /** Writes what has changed. */
        void settle();

        /** Says how things stand. */
        void measure(long now);
    }

    /** Begins: the first tick is an interval away. */
    Ticks(String name, ProcessorContext<?, ?> context, Duration interval, Ticking task) {
        this.name = name;
        this.task = task;
        this.emittingNanos = interval.toNanos() / SHARE;
        this.punctuator = context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    private void tick(long now) {
        try {
            task.tick(now);
            long begin = System.nanoTime();
            while (task.hasDue() && System.nanoTime() - begin < emittingNanos) {
                task.emitMore();
            }
            task.settle();
        } catch (RuntimeException e) {
            throw UnskippableError.halfDone(name, "a tick", e);
        }
        task.measure(now);
    }

    /** There are no more, and nothing is done by those that are due. */
    @Override
    public void close() {
        punctuator.cancel();
    }
}
