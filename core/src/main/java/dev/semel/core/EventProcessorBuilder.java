package dev.semel.core;

import dev.semel.core.event.BatchHandler;
import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventFilter;
import dev.semel.core.event.EventHandler;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.DeadLetterBudget;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.Redactor;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.health.ProcessorListener;
import dev.semel.core.internal.handle.LaneSettings;
import dev.semel.core.internal.release.CommitSettings;
import dev.semel.core.participant.Participant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link EventProcessor}. Required are {@link #kafka}, {@link #group}, {@link #topics}, {@link #events} and
 * {@link #handler}; {@link #build} checks each setting and all of them against each other.
 *
 * <p>Not thread-safe. Each call changes this builder and returns it.
 *
 * @param <K> the type of the events' key
 * @param <V> the type of the events' value
 */
public final class EventProcessorBuilder<K extends @Nullable Object, V extends @Nullable Object> {

    private static final int DEFAULT_CONCURRENCY = 16;
    private static final int DEFAULT_MAX_RECORDS = 50_000;
    private static final long DEFAULT_MAX_BYTES = 32L * 1024 * 1024;

    private static final int MAX_VERSION = 200;

    /** Longer than anything takes, and far from what nanoseconds can count. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final int DEFAULT_COMMIT_RECORDS = 50_000;
    private static final long DEFAULT_COMMIT_BYTES = 16L * 1024 * 1024;

    private Map<String, Object> kafka = Map.of();
    private @Nullable String group;
    private @Nullable String instance;
    private final Set<String> topics = new LinkedHashSet<>();
    private StartPosition startAt = StartPosition.earliest();
    private @Nullable EventSerde<K, V> events;
    private EventAttributes<V> attributes = EventAttributes.cloudEvents();
    private @Nullable EventHandler<K, V> handler;
    private FailurePolicy failurePolicy = RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofSeconds(5))
            .thenStop();
    private Redactor redactor = Redactor.none();
    private @Nullable String applicationVersion;
    private final List<Participant> participants = new ArrayList<>();
    private EventFilter<K, V> filter = event -> true;
    private ProcessingOrder order = ProcessingOrder.KEY;
    private DeadLetterBudget deadLetterBudget = DeadLetterBudget.unlimited();
    private @Nullable BatchHandler<K, V> batchHandler;
    private int maxBatch = 1;
    private int concurrency = DEFAULT_CONCURRENCY;
    private @Nullable Executor executor;
    private Duration handlerDeadline = Duration.ofMinutes(1);
    private int maxInFlightRecords = DEFAULT_MAX_RECORDS;
    private long maxInFlightBytes = DEFAULT_MAX_BYTES;
    private Duration commitInterval = Duration.ofMillis(100);
    private int commitRecords = DEFAULT_COMMIT_RECORDS;
    private long commitBytes = DEFAULT_COMMIT_BYTES;
    private Duration startDeadline = Duration.ofSeconds(30);
    private Duration drainTimeout = Duration.ofSeconds(10);
    private Duration wedgeAfter = Duration.ofMinutes(1);
    private final List<ProcessorListener> listeners = new ArrayList<>();
    private KafkaClients clients = KafkaClients.standard();
    private InstantSource clock = InstantSource.system();

    EventProcessorBuilder() {}

    /**
     * The configuration of the Kafka clients: {@code bootstrap.servers}, security, tuning. Passed on to consumer, producer and
     * admin client, each of which takes what it knows; {@code consumer.}, {@code producer.} and {@code admin.} before a name
     * mean one of them.
     *
     * <p>Semel sets, and refuses to have set otherwise, what the guarantee rests on: no auto-commit, {@code read_committed},
     * {@code auto.offset.reset=none}, idempotence and {@code acks=all}, the group and transactional ids. Unless set, the
     * transaction timeout is 10 s, {@code max.block.ms} 5 s (which is also the most), the assignor cooperative-sticky, and
     * the heartbeat interval 1 s.
     */
    public EventProcessorBuilder<K, V> kafka(Map<String, ?> config) {
        config.forEach((name, value) -> {
            if (value == null) {
                throw new ConfigurationException("kafka(): " + name + " is null: give it a value or leave it out");
            }
        });
        this.kafka = Map.copyOf(config);
        return this;
    }

    /** The consumer group: the scope of what is handled once. Also the {@code ce_source} of what handlers send. */
    public EventProcessorBuilder<K, V> group(String group) {
        this.group = Objects.requireNonNull(group, "group");
        return this;
    }

    /**
     * A name for this instance of the group, unique among those that run and the same after a restart (a pod's ordinal, not its
     * random name). With it a restarted instance gets its partitions back at once and ends what its predecessor left open;
     * without it, both wait for timeouts. By default there is none.
     */
    public EventProcessorBuilder<K, V> instance(String instance) {
        this.instance = Objects.requireNonNull(instance, "instance");
        return this;
    }

    /** The topics to read. Adds to earlier calls. */
    public EventProcessorBuilder<K, V> topics(String... topics) {
        this.topics.addAll(List.of(topics));
        return this;
    }

    /** Where the group starts on topics of which it has committed nothing; the beginning by default. */
    public EventProcessorBuilder<K, V> startAt(StartPosition position) {
        this.startAt = Objects.requireNonNull(position, "position");
        return this;
    }

    /** How bytes become events, and results become bytes. */
    public EventProcessorBuilder<K, V> events(EventSerde<K, V> serde) {
        this.events = Objects.requireNonNull(serde, "serde");
        return this;
    }

    /** Where an event's identity, type, version, time and subject are read; CloudEvents' headers by default. */
    public EventProcessorBuilder<K, V> attributes(EventAttributes<V> attributes) {
        this.attributes = Objects.requireNonNull(attributes, "attributes");
        return this;
    }

    /** The user's code. */
    public EventProcessorBuilder<K, V> handler(EventHandler<K, V> handler) {
        this.handler = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /**
     * What becomes of an event that cannot be read or handled. By default it is attempted four times, with delays from 100 ms up,
     * and then the processor stops: nothing is lost, and nothing is hidden. Name a dead-letter topic to go on.
     */
    public EventProcessorBuilder<K, V> onFailure(FailurePolicy policy) {
        this.failurePolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * How many dead letters are taken for bad data, before the processor pauses because the deployment must be bad. By default any
     * number: {@link DeadLetterBudget#unlimited()}.
     */
    public EventProcessorBuilder<K, V> deadLetterBudget(DeadLetterBudget budget) {
        this.deadLetterBudget = Objects.requireNonNull(budget, "deadLetterBudget");
        return this;
    }

    /** What dead letters tell of exceptions; everything by default. */
    public EventProcessorBuilder<K, V> redactor(Redactor redactor) {
        this.redactor = Objects.requireNonNull(redactor, "redactor");
        return this;
    }

    /**
     * The version of the application, at most 200 characters: written into its dead letters, and another one than that which has
     * used up a {@linkplain #deadLetterBudget dead-letter budget} begins with a fresh one. By default there is none.
     */
    public EventProcessorBuilder<K, V> applicationVersion(String version) {
        this.applicationVersion = Objects.requireNonNull(version, "version");
        return this;
    }

    /** Joins the processor: keeps state for its partitions, has a say in what becomes of records. Adds to earlier calls; asked in their order. */
    public EventProcessorBuilder<K, V> participant(Participant participant) {
        participants.add(Objects.requireNonNull(participant, "participant"));
        return this;
    }

    /**
     * Handles several events of a partition in one call, instead of {@link #handler}.
     *
     * @param maxRecords how many at most; at least 1
     */
    public EventProcessorBuilder<K, V> batchHandler(int maxRecords, BatchHandler<K, V> handler) {
        this.maxBatch = maxRecords;
        this.batchHandler = Objects.requireNonNull(handler, "batchHandler");
        return this;
    }

    /** Events to be handled; what it does not accept is skipped. By default all are. */
    public EventProcessorBuilder<K, V> filter(EventFilter<K, V> filter) {
        this.filter = Objects.requireNonNull(filter, "filter");
        return this;
    }

    /** Which records are handled one after the other; those of a key by default. */
    public EventProcessorBuilder<K, V> order(ProcessingOrder order) {
        this.order = Objects.requireNonNull(order, "order");
        return this;
    }

    /** How many handlers may run at the same time, of all partitions together and as far as their order lets them; 16 by default. */
    public EventProcessorBuilder<K, V> concurrency(int handlers) {
        this.concurrency = handlers;
        return this;
    }

    /**
     * Runs handlers, on threads other than the caller's: for example {@code Executors.newVirtualThreadPerTaskExecutor()} on Java
     * 21 and up. It must not refuse work while the processor runs, and is not closed with it. What it is given are not single
     * records but workers, each of which handles records as long as some are ready: at most {@link #concurrency} that do, and beside
     * them those that have outrun their deadline, and short tasks. So its threads must not be bounded. By
     * default the processor has threads of its own.
     */
    public EventProcessorBuilder<K, V> executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * How long one call of a handler may take; 1 minute by default. A handler that takes longer is interrupted; its attempt has
     * failed with class {@code timeout_exceeded}, and nothing that it still does counts. Where it does not end even so, its record
     * is given up after 5 more seconds, without waiting for its thread, unless it is to be tried again, which waits for that
     * thread; so do later records of its key. More such threads than {@link #concurrency} stop the processor.
     */
    public EventProcessorBuilder<K, V> handlerDeadline(Duration deadline) {
        this.handlerDeadline = Objects.requireNonNull(deadline, "deadline");
        return this;
    }

    /**
     * How much of a partition may be in flight (polled, and its commit not confirmed) before fetching it pauses: so many records,
     * or so many bytes of their keys, values and headers and of what was sent for them; it goes on at half. By default 50,000 and
     * 32 MiB. What was fetched together comes together, so a partition can exceed it by one poll ({@code max.poll.records}) and
     * what is sent for that.
     */
    public EventProcessorBuilder<K, V> maxInFlight(int records, long bytes) {
        this.maxInFlightRecords = records;
        this.maxInFlightBytes = bytes;
        return this;
    }

    /** How often a transaction is committed while there is something to commit; 100 ms by default. */
    public EventProcessorBuilder<K, V> commitInterval(Duration interval) {
        this.commitInterval = Objects.requireNonNull(interval, "interval");
        return this;
    }

    /**
     * How much goes into a transaction at most before it is committed, whatever the interval: so many records, or so many bytes of
     * outputs (which the last record can exceed). 50,000 and 16 MiB by default. A long row of records that waited behind a slow one
     * is committed in slices of this size.
     */
    public EventProcessorBuilder<K, V> commitAfter(int records, long bytes) {
        this.commitRecords = records;
        this.commitBytes = bytes;
        return this;
    }

    /** How long {@code start()} tries; 30 s by default. */
    public EventProcessorBuilder<K, V> startDeadline(Duration deadline) {
        this.startDeadline = Objects.requireNonNull(deadline, "deadline");
        return this;
    }

    /**
     * How long a partition that is taken away, or a processor that is closed, waits for its running handlers; 10 s by default.
     * What has not ended by then is handled again by the next owner, and what it sent is dropped.
     */
    public EventProcessorBuilder<K, V> drainTimeout(Duration timeout) {
        this.drainTimeout = Objects.requireNonNull(timeout, "timeout");
        return this;
    }

    /**
     * For how long nothing of a partition may be committed, while there is something to read, before {@link EventProcessor#health}
     * reports it as held up; 1 minute by default. It is seen within a quarter of this time more, and 5 s at most. A handler
     * that may take longer needs a longer time.
     */
    public EventProcessorBuilder<K, V> wedgeAfter(Duration time) {
        this.wedgeAfter = Objects.requireNonNull(time, "time");
        return this;
    }

    /** Is told of each change of the processor's state, on a thread of its own. Adds to earlier calls; told in their order. */
    public EventProcessorBuilder<K, V> listener(ProcessorListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /** Who makes the Kafka clients; Kafka's own constructors by default. */
    public EventProcessorBuilder<K, V> clients(KafkaClients clients) {
        this.clients = Objects.requireNonNull(clients, "clients");
        return this;
    }

    /** The wall clock: for the times in dead letters, and for what participants do by time; the system's by default. */
    public EventProcessorBuilder<K, V> clock(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Checks the settings and builds the processor. Nothing is connected yet.
     *
     * @throws ConfigurationException where a setting is missing or cannot work, naming it, its value and the rule
     */
    public EventProcessor<K, V> build() {
        String checkedGroup = named("group", group);
        if (instance != null) {
            named("instance", instance);
        }
        if (topics.isEmpty()) {
            throw new ConfigurationException("topics(...) is missing: name at least one topic to read");
        }
        topics.forEach(topic -> named("topics", topic));
        EventSerde<K, V> serde = required("events", events);
        serde.check();
        String transactionalId =
                "semel-" + checkedGroup + "-" + (instance == null ? UUID.randomUUID() : instance) + "-0";
        var configs = new ClientConfigs(kafka, checkedGroup, instance, transactionalId);
        configs.check();
        checkApplicationVersion();
        Optional<String> deadLetterTopic = failurePolicy.deadLetterTopic();
        checkDeadLetterTopic(deadLetterTopic);
        if (deadLetterTopic.isEmpty() && !deadLetterBudget.isUnlimited()) {
            throw new ConfigurationException("deadLetterBudget(" + deadLetterBudget
                    + ") without dead letters: name a topic for them in onFailure()");
        }
        if (failurePolicy.defers() && deadLetterTopic.isEmpty()) {
            throw new ConfigurationException("onFailure(" + failurePolicy
                    + ") defers records, but names no dead-letter topic for those that never succeed");
        }
        if (failurePolicy.defers() && participants.stream().noneMatch(Participant::keepsRecords)) {
            throw new ConfigurationException(
                    "onFailure(" + failurePolicy
                            + ") defers records, but no participant keeps them: add the one of dead letters with participant()");
        }
        checkHandler();
        checkNumbers();
        checkTimes(configs);
        return new EventProcessor<>(new ProcessorSettings<>(
                configs,
                checkedGroup,
                instance,
                Set.copyOf(topics),
                startAt,
                serde,
                attributes,
                filter,
                handler,
                batchHandler,
                failurePolicy,
                deadLetterTopic,
                deadLetterBudget,
                redactor,
                applicationVersion,
                List.copyOf(participants),
                new LaneSettings(order.sequencing(), concurrency, maxBatch, handlerDeadline),
                executor,
                maxInFlightRecords,
                maxInFlightBytes,
                new CommitSettings(commitInterval, commitRecords, commitBytes),
                startDeadline,
                drainTimeout,
                wedgeAfter,
                List.copyOf(listeners),
                clients,
                clock));
    }

    private void checkApplicationVersion() {
        if (applicationVersion != null && applicationVersion.length() > MAX_VERSION) {
            throw new ConfigurationException("applicationVersion '" + applicationVersion + "' has "
                    + applicationVersion.length() + " characters, but it is kept beside each offset and may have "
                    + MAX_VERSION);
        }
    }

    private void checkDeadLetterTopic(Optional<String> deadLetterTopic) {
        deadLetterTopic.ifPresent(topic -> named("onFailure(): the dead-letter topic", topic));
        deadLetterTopic.filter(topics::contains).ifPresent(topic -> {
            throw new ConfigurationException("topic '" + topic
                    + "' is both read and the dead-letter topic: a letter would be handled as an event, fail and come back"
                    + " for ever; name another");
        });
    }

    private void checkHandler() {
        if (batchHandler == null) {
            required("handler", handler);
        } else if (handler != null) {
            throw new ConfigurationException(
                    "handler(...) and batchHandler(...) are both set: events are handled by one of them");
        }
    }

    private void checkNumbers() {
        atLeastOne("concurrency", concurrency);
        atLeastOne("batchHandler maxRecords", maxBatch);
        atLeastOne("maxInFlight records", maxInFlightRecords);
        atLeastOne("maxInFlight bytes", maxInFlightBytes);
        atLeastOne("commitAfter records", commitRecords);
        atLeastOne("commitAfter bytes", commitBytes);
    }

    private void checkTimes(ClientConfigs configs) {
        positive("commitInterval", commitInterval);
        positive("startDeadline", startDeadline);
        positive("drainTimeout", drainTimeout);
        positive("handlerDeadline", handlerDeadline);
        positive("wedgeAfter", wedgeAfter);
        if (drainTimeout.compareTo(configs.maxPollInterval()) >= 0) {
            throw new ConfigurationException("drainTimeout " + drainTimeout + " must be less than max.poll.interval.ms "
                    + configs.maxPollInterval().toMillis() + ": a rebalance must end before the member is expelled");
        }
        if (commitInterval.compareTo(configs.transactionTimeout()) >= 0) {
            throw new ConfigurationException(
                    "commitInterval " + commitInterval + " must be less than transaction.timeout.ms "
                            + configs.transactionTimeout().toMillis() + ": the broker would abort every transaction");
        }
    }

    private static void atLeastOne(String setting, long value) {
        if (value < 1) {
            throw new ConfigurationException(setting + " " + value + " must be at least 1");
        }
    }

    private static void positive(String setting, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new ConfigurationException(setting + " " + value + " must be positive");
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new ConfigurationException(setting + " " + value + " must be at most " + LONGEST);
        }
    }

    private static <T> T required(String setting, @Nullable T value) {
        if (value == null) {
            throw new ConfigurationException(setting + "(...) is missing: it is required");
        }
        return value;
    }

    private static String named(String setting, @Nullable String value) {
        String given = required(setting, value);
        if (given.isBlank()) {
            throw new ConfigurationException(setting + " '" + given + "' must not be blank");
        }
        return given;
    }
}
