package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.ParticipantMetric;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.LetterStatus;
import dev.semel.dlq.internal.command.Answer;
import dev.semel.dlq.internal.command.Command;
import dev.semel.dlq.internal.command.CommandTopics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Keeps the letters of a processor's group, and what waits behind them, in a compacted topic beside each source topic. */
public final class KeptLetters implements Participant {

    private final KeptSettings settings;
    private final Map<TopicPartition, KeptPartition> partitions = new ConcurrentHashMap<>();
    private final Allowance newSchemas;
    private final Totals totals = new Totals();
    private final LetterMetrics metrics = new LetterMetrics(totals);
    private volatile @Nullable Participation processor;
    private volatile @Nullable LetterTopic letterTopic;
    private @Nullable Sequencing sequencing;
    private @Nullable KeptRecords reader;
    private @Nullable Commands commands;
    private @Nullable Added added;
    private boolean isStarted;
    private int refused;

    public KeptLetters(KeptSettings settings) {
        this.settings = settings;
        this.newSchemas = new Allowance(settings.newSchemasPerSecond());
    }

    @Override
    public boolean keepsRecords() {
        return true;
    }

    @Override
    public void start(Participation starting) throws Exception {
        beginsOnce();
        processor = starting;
        String letterTopicName = starting.deadLetterTopic()
                .orElseThrow(() -> new StartupException(
                        "letters are to be kept, but the failure policy has no topic for them: name one with"
                                + " thenDeadLetter()",
                        null));
        boolean asked = Boolean.TRUE.equals(settings.behindLetters());
        if (asked && !starting.isOrdered()) {
            throw new StartupException(
                    "records cannot wait behind letters where no order is kept: choose ProcessingOrder.KEY or PARTITION,"
                            + " or leave out behindLetters(true)",
                    null);
        }
        sequencing = new Sequencing(
                starting, settings.behindLetters() == null || settings.behindLetters(), settings.keylessBlocks());
        try (var cluster = new Cluster(starting.adminConfig(), starting::startTimeLeft)) {
            var topics = new StoreTopics(starting, settings, cluster);
            topics.checkNames();
            for (String source : starting.topics()) {
                topics.prepare(source);
            }
            topics.prepareAnswers();
            letterTopic = LetterTopic.look(cluster, letterTopicName);
        }
        Supplier<Consumer<byte[], byte[]>> consumers = () -> new KafkaConsumer<>(
                starting.consumerConfig(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        reader = new KeptRecords("semel-letters-" + starting.group(), consumers);
        commands = new Commands("semel-letter-commands-" + starting.group(), consumers);
        added = new Added(starting);
    }

    private synchronized void beginsOnce() {
        if (isStarted) {
            refused++;
            throw new StartupException(
                    "these DeadLetters belong to a processor that has started and is not closed: build others for this one"
                            + " with DeadLetters.builder()",
                    null);
        }
        isStarted = true;
    }

    /** Whether this is the end of what has begun: who was refused is told to end as well. */
    private synchronized boolean endsOnce() {
        if (refused > 0) {
            refused--;
            return false;
        }
        isStarted = false;
        return true;
    }

    @Override
    public PartitionParticipant assigned(TopicPartition partition) {
        Participation owner = Objects.requireNonNull(processor, "not started");
        var assigned = new KeptPartition(
                owner,
                settings,
                Objects.requireNonNull(sequencing, "not started"),
                new Store(owner.group(), partition, settings.partition(owner.group(), partition)),
                Objects.requireNonNull(reader, "not started"),
                totals,
                Objects.requireNonNull(letterTopic, "not started"),
                newSchemas,
                Objects.requireNonNull(added, "not started")::add,
                restored -> read(partition, restored),
                released -> release(partition, released));
        partitions.put(partition, assigned);
        return assigned;
    }

    private void read(TopicPartition source, KeptPartition restored) {
        Objects.requireNonNull(commands, "not started").add(commands(source), restored);
    }

    private void release(TopicPartition source, KeptPartition released) {
        partitions.remove(source, released);
        @Nullable Added waiting = added;
        if (waiting != null) {
            waiting.remove(released);
        }
        @Nullable Commands read = commands;
        if (read != null) {
            read.remove(commands(source), released);
        }
    }

    private TopicPartition commands(TopicPartition source) {
        String group = Objects.requireNonNull(processor, "not started").group();
        return new TopicPartition(CommandTopics.commands(group, source.topic()), source.partition());
    }

    @Override
    public List<ParticipantMetric> metrics() {
        @Nullable LetterTopic written = letterTopic;
        if (written == null) {
            return List.of();
        }
        long nowMillis =
                Objects.requireNonNull(processor, "not started").clock().millis();
        Summary all = partitions.values().stream().map(KeptPartition::summary).reduce(Summary.NOTHING, Summary::and);
        return metrics.of(
                all,
                written,
                partitions.values().stream()
                        .mapToLong(partition -> partition.nearRetention(nowMillis))
                        .sum(),
                nowMillis);
    }

    /** What is kept of the partitions that are assigned here. */
    public List<LetterStatus> letters() {
        return partitions.values().stream()
                .flatMap(partition -> partition.letters().stream())
                .toList();
    }

    /** @throws IllegalStateException where it is not started */
    public String group() {
        @Nullable Participation started = processor;
        if (started == null) {
            throw new IllegalStateException("no processor was started with these letters");
        }
        return started.group();
    }

    /** Has a command carried out in a partition that is assigned here. */
    public CompletableFuture<Answer> order(TopicPartition source, Command command) {
        var order = new Order(command, Order.FROM_HERE, null);
        @Nullable KeptPartition partition = partitions.get(source);
        if (partition == null || !partition.order(order)) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    source + " is not assigned to this processor, or is not restored yet: ask its owner"));
        }
        return order.answered();
    }

    @Override
    public void close() {
        if (!endsOnce()) {
            return;
        }
        @Nullable Added waiting = added;
        if (waiting != null) {
            waiting.close();
        }
        @Nullable Commands read = commands;
        if (read != null) {
            read.close();
        }
        @Nullable KeptRecords used = reader;
        if (used != null) {
            used.close();
        }
        partitions.clear();
    }
}
