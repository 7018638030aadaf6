package dev.semel.core;

import dev.semel.core.event.BatchHandler;
import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventFilter;
import dev.semel.core.event.EventHandler;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.DeadLetterBudget;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.Redactor;
import dev.semel.core.health.ProcessorListener;
import dev.semel.core.internal.handle.LaneSettings;
import dev.semel.core.internal.observe.ObserveSettings;
import dev.semel.core.internal.release.CommitSettings;
import dev.semel.core.participant.Participant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a builder has gathered and checked; {@link EventProcessorBuilder} says what each setting means. */
record ProcessorSettings<K extends @Nullable Object, V extends @Nullable Object>(
        ClientConfigs configs,
        String group,
        @Nullable String instance,
        Set<String> topics,
        StartPosition startAt,
        EventSerde<K, V> events,
        EventAttributes<V> attributes,
        EventFilter<K, V> filter,
        @Nullable EventHandler<K, V> handler,
        @Nullable BatchHandler<K, V> batchHandler,
        FailurePolicy failurePolicy,
        Optional<String> deadLetterTopic,
        DeadLetterBudget deadLetterBudget,
        Redactor redactor,
        @Nullable String applicationVersion,
        List<Participant> participants,
        LaneSettings lanes,
        @Nullable Executor executor,
        int maxInFlightRecords,
        long maxInFlightBytes,
        CommitSettings commits,
        Duration startDeadline,
        Duration drainTimeout,
        Duration wedgeAfter,
        List<ProcessorListener> listeners,
        KafkaClients clients,
        InstantSource clock) {

    Duration handlerDeadline() {
        return lanes.handlerDeadline();
    }

    /** Numbers the processors of this process that have no name. */
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Less than this a pause of the JVM, or of its host, may explain. */
    private static final Duration SHORTEST_STALL = Duration.ofSeconds(10);

    /** What probes and metrics go by; to be made once for each processor. */
    ObserveSettings observed() {
        return new ObserveSettings(
                group,
                instance == null ? Integer.toString(NUMBER.incrementAndGet()) : instance,
                wedgeAfter,
                stalledAfter(),
                participants);
    }

    /**
     * For how long the poll loop has not moved when it stands still: longer than any of its steps can take, which are a drain or
     * some calls of the producer.
     */
    private Duration stalledAfter() {
        Duration longestStep = drainTimeout.plus(configs.maxBlock().multipliedBy(4));
        return longestStep.compareTo(SHORTEST_STALL) < 0 ? SHORTEST_STALL : longestStep;
    }
}
