package dev.semel.testkit;

import dev.semel.testkit.internal.ClientProxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Makes a Kafka client fail, or its process die, at a named step of its work.
 *
 * <p>A wrapped client does what its delegate does, and throws what that throws. Before and after each {@link Step} the
 * {@link Fault} is called, on the thread of the call. Wrapping adds no thread safety and takes none away.
 *
 * <pre>{@code
 * Producer<byte[], byte[]> producer = FaultInjection.producer(
 *         new KafkaProducer<>(config), FaultInjection.halt(Step.COMMIT, Moment.BEFORE, 2));
 * }</pre>
 */
public final class FaultInjection {

    /** The exit code of a halted process, as after {@code SIGKILL}. */
    public static final int HALTED = 137;

    private FaultInjection() {}

    /** What a client does, by the methods of {@link Consumer} and {@link Producer}. */
    public enum Step {
        /** {@link Consumer#poll(Duration)}. */
        POLL,
        /** {@link Producer#initTransactions()}. */
        INIT_TRANSACTIONS,
        /** {@link Producer#beginTransaction()}. */
        BEGIN,
        /** {@link Producer#send}, with or without a callback; after it the record is in the producer's buffer. */
        SEND,
        /** {@link Producer#sendOffsetsToTransaction}. */
        SEND_OFFSETS,
        /** {@link Producer#commitTransaction()}. */
        COMMIT,
        /** {@link Producer#abortTransaction()}. */
        ABORT
    }

    /** When in a step. */
    public enum Moment {
        /** The delegate has not been called yet. */
        BEFORE,
        /** The delegate has returned; if it throws, this moment does not come. */
        AFTER
    }

    /** What happens at the steps of a client. */
    @FunctionalInterface
    public interface Fault {

        /**
         * Lets the client go on by returning, or makes the step fail by throwing. A checked exception reaches the caller in
         * a {@link org.apache.kafka.common.KafkaException}, except {@link InterruptedException}, which becomes Kafka's own.
         *
         * @param step what the client does
         * @param moment before or after it
         * @param occurrence how many calls of this step this client has had, this one included: 1 for the first. After a
         *     step it is the number from before it
         * @throws Exception to make the step fail
         */
        void at(Step step, Moment moment, int occurrence) throws Exception;

        /**
         * This fault, then another one.
         *
         * @param other not called where this one throws
         * @return both
         */
        default Fault and(Fault other) {
            return (step, moment, occurrence) -> {
                at(step, moment, occurrence);
                other.at(step, moment, occurrence);
            };
        }
    }

    /**
     * Wraps a producer.
     *
     * @param <K> its keys
     * @param <V> its values
     * @param delegate does the work
     * @param fault called at its steps
     * @return a producer that fails where the fault does
     */
    @SuppressWarnings("unchecked")
    public static <K, V> Producer<K, V> producer(Producer<K, V> delegate, Fault fault) {
        return ClientProxy.of(Producer.class, delegate, fault);
    }

    /**
     * Wraps a consumer.
     *
     * @param <K> its keys
     * @param <V> its values
     * @param delegate does the work
     * @param fault called at its steps
     * @return a consumer that fails where the fault does
     */
    @SuppressWarnings("unchecked")
    public static <K, V> Consumer<K, V> consumer(Consumer<K, V> delegate, Fault fault) {
        return ClientProxy.of(Consumer.class, delegate, fault);
    }

    /**
     * Halts the JVM with exit code {@value #HALTED}: like {@code kill -9}, no shutdown hook runs and nothing is flushed.
     *
     * @param step in which step
     * @param moment before or after it
     * @param occurrence at which call of it, 1 for the first
     * @return the fault
     */
    public static Fault halt(Step step, Moment moment, int occurrence) {
        return only(step, moment, occurrence, () -> halt(moment + " " + step + " " + occurrence));
    }

    /**
     * Halts the JVM from another thread while a step is under way: after a commit was asked for and before it was answered,
     * for example. If the step is quicker, the JVM halts all the same.
     *
     * @param step in which step
     * @param occurrence at which call of it, 1 for the first
     * @param after how long after the step began
     * @return the fault
     */
    public static Fault haltDuring(Step step, int occurrence, Duration after) {
        return only(step, Moment.BEFORE, occurrence, () -> {
            Thread halting = new Thread(
                    () -> {
                        try {
                            TimeUnit.NANOSECONDS.sleep(after.toNanos());
                        } catch (InterruptedException e) {
                            // Nobody has this thread to interrupt it; to halt early is still to halt.
                        }
                        halt("DURING " + step + " " + occurrence);
                    },
                    "semel-testkit-halt");
            halting.setDaemon(true);
            halting.start();
        });
    }

    /**
     * Makes one call fail.
     *
     * @param step in which step
     * @param moment before the delegate is called, or after it has done its work
     * @param occurrence at which call of it, 1 for the first
     * @param exception what to throw
     * @return the fault
     */
    public static Fault throwing(
            Step step, Moment moment, int occurrence, Supplier<? extends RuntimeException> exception) {
        return only(step, moment, occurrence, () -> {
            throw exception.get();
        });
    }

    private static Fault only(Step step, Moment moment, int occurrence, Runnable action) {
        if (occurrence < 1) {
            throw new IllegalArgumentException("occurrence " + occurrence + ": the first call is 1");
        }
        return (at, when, count) -> {
            if (at == step && when == moment && count == occurrence) {
                action.run();
            }
        };
    }

    private static void halt(String where) {
        // Standard error is not buffered, so this is out before the end.
        System.err.println("halting " + where);
        Runtime.getRuntime().halt(HALTED);
    }
}
