package dev.semel.core;

import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** One processor of a group, with clients that can be told to fail. */
final class RandomMember {

    private record Armed(RandomFault fault, AtomicInteger left) {}

    private final String name;
    private final boolean isStable;
    private final Processing processing;
    private final EventProcessor<String, String> processor;
    private final AtomicReference<@Nullable Armed> armed = new AtomicReference<>();
    private final AtomicInteger fired = new AtomicInteger();
    private volatile @Nullable Object transactionalId;

    /**
     * Starts it.
     *
     * @param isStable whether the processor is told its name, and so has the same transactional id and membership again
     * @param settings those that all members have
     * @param chance chooses its own settings
     */
    RandomMember(String name, boolean isStable, RandomSettings settings, RandomWork work, int chance) {
        this.name = name;
        this.isStable = isStable;
        this.processing = settings.processing();
        var builder = settings.processor();
        if (isStable) {
            builder.instance(name);
        }
        this.processor = builder.clients(clients())
                .startDeadline(Processing.DEADLINE)
                .concurrency(1 + chance % 64)
                .maxInFlight(10 + chance, 1_000_000)
                .commitInterval(Duration.ofMillis(1 + chance % 50))
                .filter(work::accepts)
                .handler(work::handle)
                .build();
        try {
            processor.start();
        } catch (RuntimeException e) {
            processor.close(Duration.ZERO);
            throw e;
        }
    }

    String name() {
        return name;
    }

    boolean isStable() {
        return isStable;
    }

    /** From now on, until it has failed so often as it should. */
    void arm(RandomFault fault) {
        armed.set(new Armed(fault, new AtomicInteger(fault.times())));
    }

    /** Ends what is armed and says how often a fault has come about since the last time. */
    synchronized int disarm() {
        armed.set(null);
        return fired.getAndSet(0);
    }

    void fence() {
        var config = processing.kafka.clientConfig();
        config.put("transactional.id", Objects.requireNonNull(transactionalId));
        try (var other = KafkaClients.standard().producer(config)) {
            other.initTransactions();
        }
    }

    boolean hasFailed() {
        return processor.state() == ProcessorState.FAILED;
    }

    Optional<Throwable> failure() {
        return processor.failure();
    }

    boolean endsWithin(Duration time) {
        try {
            return processor.awaitTermination(time);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    void close() {
        processor.close();
    }

    void closeAtOnce() {
        processor.close(Duration.ZERO);
    }

    @Override
    public String toString() {
        return isStable ? name + " (named)" : name;
    }

    private KafkaClients clients() {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                transactionalId = config.get("transactional.id");
                return FaultInjection.producer(KafkaClients.super.producer(config), fault());
            }

            @Override
            public Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
                return FaultInjection.consumer(KafkaClients.super.consumer(config), fault());
            }
        };
    }

    private synchronized void failIfArmed(Step step, Moment moment) {
        Armed now = armed.get();
        if (now != null
                && now.fault().step() == step
                && now.fault().moment() == moment
                && now.left().getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            fired.incrementAndGet();
            throw now.fault().exception().apply("injected");
        }
    }

    private Fault fault() {
        return new Fault() {
            @Override
            public void at(Step step, Moment moment, int occurrence) {
                failIfArmed(step, moment);
            }

            @Override
            public Optional<Duration> patience(Step step, int occurrence) {
                Armed now = armed.get();
                boolean leaves = now != null
                        && now.fault().step() == step
                        && now.fault().moment() == Moment.DURING
                        && now.left().get() > 0;
                return leaves ? Optional.of(Duration.ZERO) : Optional.empty();
            }
        };
    }
}
