package dev.semel.core;

import dev.semel.core.event.BatchHandler;
import dev.semel.core.failure.SemelException;
import dev.semel.core.failure.StartupException;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.internal.budget.Budgets;
import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.internal.handle.Attempts;
import dev.semel.core.internal.handle.BatchHandling;
import dev.semel.core.internal.handle.Decisions;
import dev.semel.core.internal.handle.Handling;
import dev.semel.core.internal.handle.Lanes;
import dev.semel.core.internal.handle.Letters;
import dev.semel.core.internal.handle.OutputTopics;
import dev.semel.core.internal.handle.Outputs;
import dev.semel.core.internal.handle.Reader;
import dev.semel.core.internal.observe.Observer;
import dev.semel.core.internal.observe.Rooms;
import dev.semel.core.internal.poll.CommittedOffsets;
import dev.semel.core.internal.poll.Lifecycle;
import dev.semel.core.internal.poll.PollLoop;
import dev.semel.core.internal.poll.PollSettings;
import dev.semel.core.internal.release.Release;
import dev.semel.core.internal.start.Persistence;
import dev.semel.core.internal.start.StartChecks;
import dev.semel.core.internal.start.StartOffsets;
import dev.semel.core.participant.Participant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a processor that is running: puts them together, starts them, and takes them apart again. */
final class RunningProcessor<K extends @Nullable Object, V extends @Nullable Object> {

    private static final Logger log = LoggerFactory.getLogger(RunningProcessor.class);

    private static final Duration CLIENT_CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** Beyond the transaction timeout, what the broker may take to end an orphan: its clean-up runs every 10 s. */
    static final Duration CLEAN_UP_ALLOWANCE = Duration.ofSeconds(30);

    private final ProcessorSettings<K, V> settings;
    private final Lifecycle lifecycle;
    private final Observer observer;
    private final ProcessorThreads threads;
    private final List<Participant> started = new ArrayList<>();
    private @Nullable Admin admin;
    private @Nullable Consumer<byte[], byte[]> consumer;
    private @Nullable TransactionWriter transactions;
    private @Nullable Decisions decisions;
    private @Nullable Lanes lanes;
    private @Nullable Release release;
    private volatile @Nullable Budgets budgets;

    private RunningProcessor(ProcessorSettings<K, V> settings, Lifecycle lifecycle, Observer observer) {
        this.settings = settings;
        this.lifecycle = lifecycle;
        this.observer = observer;
        this.threads = new ProcessorThreads(settings.group());
    }

    /** Checks, connects and starts the poll thread; closes what it opened where that fails. */
    static <K extends @Nullable Object, V extends @Nullable Object> RunningProcessor<K, V> start(
            ProcessorSettings<K, V> settings, Lifecycle lifecycle, Observer observer) {
        var processor = new RunningProcessor<>(settings, lifecycle, observer);
        try {
            PollLoop loop = processor.connect();
            observer.begins(processor.rooms(loop), Objects.requireNonNull(processor.admin), processor.threads.timer());
            lifecycle.become(ProcessorState.REBALANCING);
            processor.threads.startPolling(() -> processor.run(loop));
            return processor;
        } catch (Throwable e) {
            // Nothing was handled, so there is nothing to wait for beyond the deadline that has passed.
            processor.closeAll(Duration.ZERO);
            throw e;
        }
    }

    private PollLoop connect() {
        ClientConfigs configs = settings.configs();
        var persistence = new Persistence(
                "processor " + settings.group() + " at " + configs.bootstrapServers(),
                settings.startDeadline(),
                System::nanoTime,
                time -> !lifecycle.awaitEnding(time));
        Admin cluster =
                make(persistence, "admin client", () -> settings.clients().admin(configs.admin()));
        admin = cluster;
        var checks =
                new StartChecks(cluster, persistence, settings.group(), settings.topics(), settings.deadLetterTopic());
        checks.run();
        startParticipants(persistence);
        int maxRequestBytes = checks.maxRequestBytes(configs.maxRequestBytes());
        TransactionWriter writer = initialise(persistence, maxRequestBytes);
        transactions = writer;
        settings.startAt()
                .spec()
                .ifPresent(spec ->
                        new StartOffsets(cluster, persistence, settings.group()).settle(settings.topics(), spec));
        Consumer<byte[], byte[]> member =
                make(persistence, "consumer", () -> settings.clients().consumer(configs.consumer()));
        consumer = member;
        lifecycle.wakeWith(member::wakeup);
        return loop(cluster, member, writer, maxRequestBytes);
    }

    private void startParticipants(Persistence persistence) {
        for (Participant participant : settings.participants()) {
            started.add(participant);
            try {
                participant.start(new ProcessorParticipation(settings, lifecycle, persistence::left));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartupException(
                        "processor " + settings.group() + ": interrupted while " + participant + " started", e);
            } catch (SemelException e) {
                throw e;
            } catch (Exception e) {
                throw new StartupException(
                        "processor " + settings.group() + ": " + participant + " could not start: " + e.getMessage(),
                        e);
            }
        }
    }

    /** A client cannot be made with a setting that Kafka does not take, nor while its addresses have no DNS entry. */
    private static <T> T make(Persistence persistence, String client, Supplier<T> maker) {
        return persistence.repeat(
                "make the " + client, "check the settings given to kafka()", timeoutMs -> maker.get());
    }

    private TransactionWriter initialise(Persistence persistence, int maxRequestBytes) {
        ClientConfigs configs = settings.configs();
        Supplier<Producer<byte[], byte[]>> producers =
                () -> settings.clients().producer(configs.producer(maxRequestBytes));
        Producer<byte[], byte[]> producer = make(persistence, "producer", producers);
        try {
            persistence.repeat(
                    "initialise transactions as " + configs.transactionalId(),
                    "the cluster must support transactions (its topic __transaction_state needs as many brokers as"
                            + " transaction.state.log.replication.factor says); grant the principal Write on the transactional"
                            + " id",
                    timeoutMs -> {
                        producer.initTransactions();
                        return producer;
                    });
        } catch (StartupException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
        return new TransactionWriter(
                producer,
                producers,
                configs.transactionalId(),
                configs.transactionTimeout().plus(CLEAN_UP_ALLOWANCE),
                System::nanoTime);
    }

    private PollLoop loop(
            Admin cluster, Consumer<byte[], byte[]> member, TransactionWriter writer, int maxRequestBytes) {
        String group = settings.group();
        var topics =
                new OutputTopics(cluster, maxRequestBytes, settings.configs().isCompressed());
        @Nullable String letterTopic = settings.deadLetterTopic().orElse(null);
        var outputs = new Outputs(group, settings.events(), topics);
        var spent = new Budgets(
                settings.deadLetterBudget(), settings.applicationVersion(), settings.clock(), lifecycle::pause);
        budgets = spent;
        var deciding = new Decisions(
                settings.failurePolicy(),
                letterTopic == null
                        ? null
                        : new Letters(group, letterTopic, topics, settings.redactor(), settings.applicationVersion()),
                outputs,
                spent,
                settings.clock(),
                System::nanoTime,
                settings.participants().stream().anyMatch(Participant::keepsRecords),
                lifecycle);
        decisions = deciding;
        @Nullable Executor given = settings.executor();
        var running = new Lanes(
                attempts(outputs, deciding),
                settings.lanes(),
                given == null ? threads.handlers() : given,
                threads.timer(),
                System::nanoTime,
                lifecycle::isPaused,
                lifecycle);
        lanes = running;
        var releasing = new Release(writer, settings.commits(), System::nanoTime);
        release = releasing;
        var offsets = new CommittedOffsets(
                cluster, group, settings.configs().transactionTimeout().plus(CLEAN_UP_ALLOWANCE));
        return new PollLoop(
                member,
                running,
                releasing,
                offsets,
                spent,
                threads.restorers(),
                lifecycle,
                new PollSettings(
                        settings.topics(),
                        settings.participants(),
                        settings.maxInFlightRecords(),
                        settings.maxInFlightBytes(),
                        settings.drainTimeout()));
    }

    private Attempts attempts(Outputs outputs, Decisions deciding) {
        var reader = new Reader<>(settings.events(), settings.attributes());
        Duration deadline = settings.lanes().handlerDeadline();
        @Nullable BatchHandler<K, V> batches = settings.batchHandler();
        return batches == null
                ? new Handling<>(
                        reader,
                        settings.filter(),
                        Objects.requireNonNull(settings.handler(), "handler"),
                        outputs,
                        deciding,
                        deadline,
                        System::nanoTime)
                : new BatchHandling<>(
                        reader, settings.filter(), batches, outputs, deciding, deadline, System::nanoTime);
    }

    private Rooms rooms(PollLoop loop) {
        return new Rooms(
                loop.sightings(),
                Objects.requireNonNull(lanes),
                Objects.requireNonNull(decisions),
                Objects.requireNonNull(release),
                Objects.requireNonNull(transactions));
    }

    private void run(PollLoop loop) {
        try {
            loop.run();
        } catch (Throwable e) {
            lifecycle.because(e);
        }
        try {
            closeAll(CLIENT_CLOSE_TIMEOUT);
        } catch (Throwable e) {
            lifecycle.because(e);
        } finally {
            end();
        }
    }

    private void end() {
        @Nullable Throwable cause = lifecycle.stopCause();
        if (cause != null) {
            lifecycle.failed(cause);
        } else {
            lifecycle.become(ProcessorState.STOPPED);
        }
    }

    /** What was used up of the budget is forgotten, before anything is handled again. */
    void renewBudgets() {
        @Nullable Budgets used = budgets;
        if (used != null) {
            used.renew();
        }
    }

    /** Interrupts what is running; nothing that it still does counts. */
    void interruptHandlers() {
        if (decisions != null) {
            decisions.abandon();
        }
        if (lanes != null) {
            lanes.interrupt();
        }
        threads.interrupt();
    }

    private void closeAll(Duration timeout) {
        interruptHandlers();
        observer.ends();
        lifecycle.wakeWith(() -> {});
        if (consumer != null) {
            quietly("consumer", consumer, client -> client.close(CloseOptions.timeout(timeout)));
        }
        if (transactions != null) {
            quietly("producer", transactions, writer -> writer.close(timeout));
        }
        if (admin != null) {
            quietly("admin client", admin, client -> client.close(timeout));
        }
        started.forEach(participant -> quietly("participant", participant, Participant::close));
    }

    /** What ends here is over: a client that fails to close leaves nothing undone that its timeouts do not do. */
    private <C> void quietly(String name, C client, java.util.function.Consumer<C> close) {
        try {
            close.accept(client);
        } catch (RuntimeException e) {
            log.warn("Processor {} could not close its {}", settings.group(), name, e);
        }
    }
}
