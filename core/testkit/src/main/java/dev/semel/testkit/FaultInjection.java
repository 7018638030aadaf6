package dev.semel.testkit;

import dev.semel.testkit.internal.ClientProxy;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

    /**
     * What a client does, by the methods of {@link Consumer} and {@link Producer}. What is done with the records lies after a poll
     * and before a send: to fail there, throw where it is done.
     */
    public enum Step {
        /** {@link Consumer#poll(Duration)}. */
        POLL,
        /** {@link Producer#initTransactions()}. */
        INIT_TRANSACTIONS,
        /** {@link Producer#beginTransaction()}. */
        BEGIN,
        /** {@link Producer#send}, with or without a callback; after it the record is in the producer's buffer. */
        SEND,
        /** {@link Producer#flush()}; after it all that was sent is at the broker, or has failed. */
        FLUSH,
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
        /**
         * The delegate has been called and its answer is not waited for any longer: what was asked for may come about or not. Only
         * for faults with a {@linkplain Fault#patience patience}.
         */
        DURING,
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
         * How long a call is waited for before this fault is called {@link Moment#DURING} it. Such a call runs on a thread of its
         * own, and goes on there if the fault throws; a {@link Consumer} does not allow that.
         *
         * @param step what the client is about to do
         * @param occurrence which call of it
         * @return empty (default) to leave the call alone. A call that is quicker has its {@code DURING} all the same, after it has
         *     returned
         */
        default Optional<Duration> patience(Step step, int occurrence) {
            return Optional.empty();
        }

        /**
         * This fault, then another one.
         *
         * @param other not called where this one throws
         * @return both
         */
        default Fault and(Fault other) {
            Fault first = this;
            return new Fault() {
                @Override
                public void at(Step step, Moment moment, int occurrence) throws Exception {
                    first.at(step, moment, occurrence);
                    other.at(step, moment, occurrence);
                }

                @Override
                public Optional<Duration> patience(Step step, int occurrence) {
                    return Stream.of(first, other)
                            .map(fault -> fault.patience(step, occurrence))
                            .flatMap(Optional::stream)
                            .min(Comparator.naturalOrder());
                }
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
        return only(step, around(moment), occurrence, () -> halt(moment + " " + step + " " + occurrence));
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
     * @param moment before the delegate is called, or after it has done its work; for what is between, see {@link #throwingDuring}
     * @param occurrence at which call of it, 1 for the first
     * @param exception what to throw
     * @return the fault
     */
    public static Fault throwing(
            Step step, Moment moment, int occurrence, Supplier<? extends RuntimeException> exception) {
        return only(step, around(moment), occurrence, () -> {
            throw exception.get();
        });
    }

    /**
     * Makes one call of a producer fail while it is under way: after a commit was asked for and before it is answered, for example,
     * as when a request times out. The delegate goes on with it. If the step is quicker, the call fails all the same, as if its
     * answer were lost.
     *
     * @param step in which step
     * @param occurrence at which call of it, 1 for the first
     * @param after how long after the step began; zero to go as soon as it was asked for
     * @param exception what to throw
     * @return the fault
     */
    public static Fault throwingDuring(
            Step step, int occurrence, Duration after, Supplier<? extends RuntimeException> exception) {
        Fault throwing = only(step, Moment.DURING, occurrence, () -> {
            throw exception.get();
        });
        return new Fault() {
            @Override
            public void at(Step at, Moment moment, int count) throws Exception {
                throwing.at(at, moment, count);
            }

            @Override
            public Optional<Duration> patience(Step at, int count) {
                return at == step && count == occurrence ? Optional.of(after) : Optional.empty();
            }
        };
    }

    private static Moment around(Moment moment) {
        if (moment == Moment.DURING) {
            throw new IllegalArgumentException(
                    "moment DURING: use haltDuring or throwingDuring, which say how long after");
        }
        return moment;
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
