package dev.semel.dlq.internal.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.topics.Cluster;
import dev.semel.core.participant.topics.CompactedTopics;
import dev.semel.core.participant.topics.TopicReplay;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.Reading;
import dev.semel.dlq.StateChange;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.clients.ReplayWatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** The state topic of a letter topic: made, checked and read. Safe for use by several threads. */
public final class StateTopic {

    /** What is superseded is cleaned only from closed segments, and all of an open one is read by a restore. */
    private static final String SEGMENT_BYTES = Integer.toString(64 * 1024 * 1024);

    private static final String SUFFIX = "-state";

    private final Cluster cluster;
    private final KafkaSettings kafka;
    private final String letterTopic;
    private final Duration deadline;
    private final java.util.function.Consumer<Reading> listener;

    /**
     * @param deadline how long the cluster may take until a reading goes on
     * @param listener told how far a reading is
     */
    public StateTopic(
            Cluster cluster,
            KafkaSettings kafka,
            String letterTopic,
            Duration deadline,
            java.util.function.Consumer<Reading> listener) {
        this.cluster = cluster;
        this.kafka = kafka;
        this.letterTopic = letterTopic;
        this.deadline = deadline;
        this.listener = listener;
    }

    /** Where the states of a topic's letters are. */
    public static String name(String letterTopic) {
        return letterTopic + SUFFIX;
    }

    /** The topic whose letters have their states here, if this can be a state topic. */
    public static Optional<String> letterTopic(String stateTopic) {
        return stateTopic.endsWith(SUFFIX) && stateTopic.length() > SUFFIX.length()
                ? Optional.of(stateTopic.substring(0, stateTopic.length() - SUFFIX.length()))
                : Optional.empty();
    }

    /**
     * Whether a topic that exists can be one: its first partition is empty, or has something that only a state topic has.
     *
     * @param first reads its first partition
     */
    public static boolean isOne(Consumer<byte[], byte[]> first, String topic, Duration deadline) {
        var partition = new TopicPartition(topic, 0);
        long end = end(first, partition, deadline);
        first.assign(List.of(partition));
        first.seekToBeginning(List.of(partition));
        while (first.position(partition, deadline) < end) {
            for (ConsumerRecord<byte[], byte[]> record : first.poll(deadline)) {
                byte @Nullable [] key = record.key();
                return key != null && (StateFormat.isNote(key) || StateFormat.isChange(record.value()));
            }
        }
        return true;
    }

    private String name() {
        return name(letterTopic);
    }

    /**
     * Sees to it that it is there, and would lose nothing.
     *
     * @throws LettersRefusedException where it cannot be made, or would
     */
    public void prepare(TopicDescription letters) throws Exception {
        int partitions = letters.partitions().size();
        var topics =
                new CompactedTopics(cluster, kafka.servers(), Map.of(TopicConfig.SEGMENT_BYTES_CONFIG, SEGMENT_BYTES));
        try {
            Optional<TopicDescription> there = topics.find(name());
            if (there.isEmpty()) {
                topics.create(name(), partitions);
            }
            TopicDescription found = there.isEmpty() ? topics.awaitReady(name()) : there.get();
            checkPartitions(found.partitions().size(), partitions);
            topics.check(found);
        } catch (StartupException e) {
            throw new LettersRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private void checkPartitions(int there, int wanted) {
        if (there < wanted) {
            throw new LettersRefusedException(
                    "topic " + name() + " has " + there + " partition(s), its letter topic " + letterTopic + " has "
                            + wanted
                            + ", and each belongs to that of the same number: add partitions with: kafka-topics.sh --bootstrap-server "
                            + kafka.servers() + " --alter --topic " + name() + " --partitions " + wanted,
                    null);
        }
    }

    /**
     * Reads everything that was ever sent to it and committed: for who is about to add to it, and has fenced whoever did before.
     *
     * <p>Rule: the end is that of who reads what is not committed as well. The markers of a transaction reach partitions one by
     * one, so that copies can be visible while their states are still behind the last stable offset.
     */
    public LetterStates restored(TopicDescription letters) throws Exception {
        return restored(letters, cluster::end);
    }

    /** Reads what is there for all to see: for who only looks. */
    public LetterStates viewed(TopicDescription letters) throws Exception {
        try (Consumer<byte[], byte[]> consumer = kafka.consumer("earliest")) {
            return restored(letters, partition -> committedEnd(consumer, partition));
        }
    }

    private LetterStates restored(TopicDescription letters, End end) throws Exception {
        var states = new LetterStates(letterTopic, name(), letters.topicId());
        Optional<TopicDescription> topic = cluster.topic(name());
        if (topic.isPresent()) {
            for (int number = 0; number < topic.get().partitions().size(); number++) {
                replay(new TopicPartition(name(), number), end, states::restore);
            }
        }
        return states;
    }

    /** Hands out all changes that are there, with the letter's id, as far as all can see. */
    public void changes(BiConsumer<String, StateChange> taker) throws Exception {
        Optional<TopicDescription> topic = cluster.topic(name());
        if (topic.isEmpty()) {
            return;
        }
        try (Consumer<byte[], byte[]> consumer = kafka.consumer("earliest")) {
            for (int number = 0; number < topic.get().partitions().size(); number++) {
                replay(new TopicPartition(name(), number), partition -> committedEnd(consumer, partition), record -> {
                    byte @Nullable [] key = record.key();
                    if (key != null && !StateFormat.isNote(key) && record.value() != null) {
                        taker.accept(new String(key, UTF_8), StateFormat.read(record.value()));
                    }
                });
            }
        }
    }

    /** The last change of one letter, as far as all can see. */
    public Optional<StateChange> lastChange(String id, int partition) throws Exception {
        return last(partition, id.getBytes(UTF_8), 0);
    }

    /** What it is written as that somebody begins to redrive. */
    public ProducerRecord<byte[], byte[]> operatorNote(StateChange operator) {
        return new ProducerRecord<>(name(), 0, StateFormat.OPERATOR, StateFormat.write(operator));
    }

    /**
     * Who has begun to redrive last.
     *
     * @param since what was written before this offset does not count, see {@link #end}
     */
    public Optional<StateChange> operator(long since) throws Exception {
        return last(0, StateFormat.OPERATOR, since);
    }

    /** Where what operators write about themselves ends. */
    public long end() throws Exception {
        return cluster.end(new TopicPartition(name(), 0));
    }

    private Optional<StateChange> last(int partition, byte[] key, long since) throws Exception {
        if (cluster.topic(name()).isEmpty()) {
            return Optional.empty();
        }
        var last = new AtomicReference<byte[]>();
        try (Consumer<byte[], byte[]> consumer = kafka.consumer("earliest")) {
            replay(new TopicPartition(name(), partition), of -> committedEnd(consumer, of), record -> {
                if (record.offset() >= since && Arrays.equals(record.key(), key)) {
                    last.set(record.value());
                }
            });
        }
        return Optional.ofNullable(last.get()).map(StateFormat::read);
    }

    private long committedEnd(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        return end(consumer, partition, deadline);
    }

    private static long end(Consumer<byte[], byte[]> consumer, TopicPartition partition, Duration deadline) {
        return consumer.endOffsets(List.of(partition), deadline).getOrDefault(partition, 0L);
    }

    private void replay(TopicPartition partition, End end, TopicReplay.Sink sink) throws Exception {
        long until = end.of(partition);
        new TopicReplay(() -> kafka.consumer("earliest"))
                .replay(partition, until, sink, new ReplayWatch(partition, until, deadline, listener));
    }

    /** Where a reading ends. */
    private interface End {
        long of(TopicPartition partition) throws Exception;
    }
}
