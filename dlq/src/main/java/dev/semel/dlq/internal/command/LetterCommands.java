package dev.semel.dlq.internal.command;

import dev.semel.dlq.LetterState;
import dev.semel.dlq.OperatorFencedException;
import dev.semel.dlq.internal.clients.ClientErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands to the owners of source partitions, and waits for their answers. Its transactional id is fixed for a group, so that a
 * second operator fences the first, whose next call throws {@link OperatorFencedException}.
 *
 * <p>For one thread.
 */
public final class LetterCommands implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LetterCommands.class);

    private static final Duration POLL = Duration.ofMillis(200);

    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** Mostly the answers are on their way, and what was done is better known. */
    private static final Duration CANCELLED = Duration.ofSeconds(1);

    /**
     * How many letters a command names at most: more of them are sent as several. An answer says of each letter why it failed again, and
     * has to fit into a record.
     */
    private static final int LETTERS = 400;

    private final String group;
    private final TopicPartition answers;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> consumer;
    private boolean isListening;

    /**
     * Fences whoever sends commands to this group.
     *
     * @param config how to reach the cluster
     * @throws org.apache.kafka.common.KafkaException where that is not possible
     */
    public LetterCommands(Map<String, ?> config, String group) {
        this(group, () -> producer(config, group), () -> consumer(config));
    }

    /**
     * The same with other clients, which are closed with it, and also where they cannot be had.
     *
     * @param producers makes the one with the {@linkplain #transactionalId transactional id} of the group
     * @param consumers makes one that reads what is committed, and belongs to no group
     */
    public LetterCommands(
            String group,
            Supplier<? extends Producer<byte[], byte[]>> producers,
            Supplier<? extends Consumer<byte[], byte[]>> consumers) {
        this.group = group;
        this.answers = new TopicPartition(CommandTopics.answers(group), 0);
        this.consumer = consumers.get();
        this.producer = begun(producers, consumer);
    }

    private static Producer<byte[], byte[]> begun(
            Supplier<? extends Producer<byte[], byte[]>> producers, Consumer<byte[], byte[]> consumer) {
        @Nullable Producer<byte[], byte[]> made = null;
        try {
            made = producers.get();
            made.initTransactions();
            return made;
        } catch (RuntimeException e) {
            if (made != null) {
                made.close(CLOSING);
            }
            consumer.close();
            throw e;
        }
    }

    /**
     * The transactional id of who sends commands to a group. No topic can have a colon in its name: so it is never that of who changes
     * the states of a letter topic, whatever group and topic are called.
     */
    public static String transactionalId(String group) {
        return "semel-dlq-group:" + group;
    }

    private static Producer<byte[], byte[]> producer(Map<String, ?> config, String group) {
        var producing = new HashMap<String, Object>(config);
        producing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId(group));
        return new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, ?> config) {
        var consuming = new HashMap<String, Object>(config);
        consuming.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consuming.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consuming.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        return new KafkaConsumer<>(consuming, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Sends a command, in one transaction to all partitions, and waits until each of their owners has carried it out. Owners that are
     * slow are waited for, as long as they answer that they are there.
     *
     * @param id names it; one that is sent again under the same id is done once
     * @param letters offsets, by source partition
     * @param deadline how long an owner may take to say that it is there
     * @return an answer for each part of it
     * @throws OperatorFencedException where somebody else has begun to
     * @throws NoAnswerException where some owners are silent for so long
     */
    public List<Answer> send(
            Command.Kind kind,
            String id,
            String actor,
            @Nullable String reason,
            Set<LetterState> expected,
            Map<TopicPartition, List<Long>> letters,
            Duration deadline) {
        return send(kind, id, actor, reason, expected, letters, Map.of(), deadline, () -> false);
    }

    /**
     * The same about letters of certain topics.
     *
     * @param topics by source partition the id of the topic of which the offsets are: where it was made anew, no other letters are taken
     *     for these
     * @param isCancelled whether nobody waits any more: then those that come within a second are returned. What was sent is done all the
     *     same
     */
    public List<Answer> send(
            Command.Kind kind,
            String id,
            String actor,
            @Nullable String reason,
            Set<LetterState> expected,
            Map<TopicPartition, List<Long>> letters,
            Map<TopicPartition, Uuid> topics,
            Duration deadline,
            BooleanSupplier isCancelled) {
        listen(deadline);
        var parts = new HashMap<Command, TopicPartition>();
        letters.forEach((source, offsets) -> {
            for (int from = 0; from < offsets.size(); from += LETTERS) {
                List<Long> some = offsets.subList(from, Math.min(offsets.size(), from + LETTERS));
                parts.put(new Command(kind, part(id, source, from), actor, reason, expected, some), source);
            }
        });
        var awaited = new HashMap<String, TopicPartition>();
        parts.forEach((command, source) -> awaited.put(command.id(), source));
        transact(parts, topics);
        return await(id, actor, awaited, deadline, isCancelled);
    }

    /**
     * Sends a command about one letter, likewise.
     *
     * @param topic the id of the topic of which its offset is; null where that is not known
     * @return its answer; null where the owner does not know such commands, since it is of an earlier release
     */
    public @Nullable Answer edit(Command command, TopicPartition source, @Nullable Uuid topic, Duration deadline) {
        listen(deadline);
        var awaited = new HashMap<>(Map.of(command.id(), source));
        transact(Map.of(command, source), topic == null ? Map.of() : Map.of(source, topic));
        var got = new ArrayList<Answer>();
        take(awaited, new HashSet<>(), got, deadline.dividedBy(2), () -> false);
        if (got.isEmpty()) {
            var silent = new HashSet<>(Set.of(source));
            ask(command.id() + "/?", command.actor(), silent);
            take(awaited, silent, got, deadline.dividedBy(2), () -> false);
            if (!silent.isEmpty() && got.isEmpty()) {
                throw silent(silent, got, deadline);
            }
            // Who is there answers an edit at once, but the question needs a transaction less.
            take(awaited, new HashSet<>(), got, deadline.dividedBy(2), () -> false);
        }
        return got.isEmpty() ? null : got.get(0);
    }

    private void listen(Duration deadline) {
        if (!isListening) {
            consumer.assign(List.of(answers));
            consumer.seekToEnd(List.of(answers));
            consumer.position(answers, deadline);
            // Not again: a fetch that is under way would be waited for, half a second.
            isListening = true;
        }
    }

    private void transact(Map<Command, TopicPartition> commands, Map<TopicPartition, Uuid> topics) {
        try {
            producer.beginTransaction();
            try {
                commands.forEach((command, source) -> producer.send(new ProducerRecord<>(
                        CommandTopics.commands(group, source.topic()),
                        source.partition(),
                        CommandFormat.topic(topics.get(source)),
                        CommandFormat.write(command),
                        Addressee.headers(group, source.topic()))));
                producer.commitTransaction();
            } catch (RuntimeException e) {
                if (!ClientErrors.isFence(e)) {
                    abort(e);
                }
                throw e;
            }
        } catch (RuntimeException e) {
            if (!ClientErrors.isFence(e)) {
                throw e;
            }
            throw new OperatorFencedException(
                    "somebody else has begun to send commands to group " + group
                            + ": this one has ended; agree on who goes on",
                    e);
        }
    }

    private void abort(RuntimeException cause) {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            // The coordinator aborts it, or whoever comes next.
            cause.addSuppressed(e);
        }
    }

    private static String part(String id, TopicPartition source, int from) {
        return id + "/" + source + (from == 0 ? "" : "/" + from / LETTERS);
    }

    private List<Answer> await(
            String id,
            String actor,
            Map<String, TopicPartition> awaited,
            Duration deadline,
            BooleanSupplier isCancelled) {
        var got = new ArrayList<Answer>();
        for (int round = 1; ; round++) {
            take(awaited, new HashSet<>(), got, deadline.dividedBy(2), isCancelled);
            if (awaited.isEmpty() || isCancelled.getAsBoolean()) {
                return got;
            }
            var silent = new HashSet<>(awaited.values());
            ask(id + "/?" + round, actor, silent);
            take(awaited, silent, got, deadline.dividedBy(2), isCancelled);
            if (isCancelled.getAsBoolean()) {
                return got;
            }
            if (!silent.isEmpty() && !awaited.isEmpty()) {
                throw silent(silent, got, deadline);
            }
            log.info("Waiting for the owners of {} in group {}, which are there", Set.copyOf(awaited.values()), group);
        }
    }

    private NoAnswerException silent(Set<TopicPartition> silent, List<Answer> got, Duration deadline) {
        return new NoAnswerException(
                "no answer within " + deadline + " from the owner of " + silent + " in group " + group
                        + ": start a processor of that group with its letters kept, or look at those that run;"
                        + " what was asked for is done when one comes",
                silent,
                got);
    }

    /** A command about no letters is answered at once, by who is there. */
    private void ask(String id, String actor, Set<TopicPartition> silent) {
        var questions = new HashMap<Command, TopicPartition>();
        silent.forEach(source -> questions.put(
                new Command(Command.Kind.REDRIVE, part(id, source, 0), actor, null, Set.of(), List.of()), source));
        transact(questions, Map.of());
    }

    /** Takes answers, until all are there, or each that is silent has said something, or a time is over. */
    private void take(
            Map<String, TopicPartition> awaited,
            Set<TopicPartition> silent,
            List<Answer> got,
            Duration time,
            BooleanSupplier isCancelled) {
        boolean hasAsked = !silent.isEmpty();
        long endNanos = System.nanoTime() + time.toNanos();
        boolean isEnding = false;
        while (!awaited.isEmpty() && !(hasAsked && silent.isEmpty()) && System.nanoTime() - endNanos < 0) {
            if (!isEnding && isCancelled.getAsBoolean()) {
                isEnding = true;
                endNanos = Math.min(endNanos, System.nanoTime() + CANCELLED.toNanos());
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                try {
                    Answer answer = AnswerFormat.read(record.value());
                    silent.remove(new TopicPartition(answer.topic(), answer.partition()));
                    if (awaited.remove(answer.commandId()) != null) {
                        got.add(answer);
                    }
                } catch (IllegalArgumentException e) {
                    log.warn("Offset {} of {} is passed over: {}", record.offset(), answers, e.getMessage());
                }
            }
        }
    }

    @Override
    public void close() {
        producer.close(CLOSING);
        consumer.close();
    }
}
