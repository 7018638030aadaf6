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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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

    /** How many letters a command names at most: more of them are sent as several. */
    private static final int LETTERS = 10_000;

    private final String group;
    private final TopicPartition answers;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> consumer;

    /**
     * Fences whoever sends commands to this group.
     *
     * @param config how to reach the cluster
     * @throws org.apache.kafka.common.KafkaException where that is not possible
     */
    public LetterCommands(Map<String, ?> config, String group) {
        this.group = group;
        this.answers = new TopicPartition(CommandTopics.answers(group), 0);
        var producing = new HashMap<String, Object>(config);
        producing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "semel-dlq-" + group);
        this.producer = new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer());
        var consuming = new HashMap<String, Object>(config);
        consuming.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consuming.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consuming.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        this.consumer = new KafkaConsumer<>(consuming, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Sends a command, in one transaction to all partitions, and waits until each of their owners has carried it out.
     *
     * @param id names it; one that is sent again under the same id is done once
     * @param letters offsets, by source partition
     * @param deadline how long to wait for all answers
     * @return an answer for each part of it
     * @throws OperatorFencedException where somebody else has begun to; nothing is sent
     * @throws NoAnswerException where some are missing by then
     */
    public List<Answer> send(
            Command.Kind kind,
            String id,
            String actor,
            @Nullable String reason,
            Set<LetterState> expected,
            Map<TopicPartition, List<Long>> letters,
            Duration deadline) {
        long deadlineNanos = System.nanoTime() + deadline.toNanos();
        consumer.assign(List.of(answers));
        consumer.seekToEnd(List.of(answers));
        consumer.position(answers, deadline);
        Map<String, TopicPartition> awaited = new HashMap<>();
        letters.forEach((source, offsets) -> {
            for (int from = 0; from < offsets.size(); from += LETTERS) {
                awaited.put(part(id, source, from), source);
            }
        });
        try {
            producer.beginTransaction();
            try {
                letters.forEach((source, offsets) -> {
                    for (int from = 0; from < offsets.size(); from += LETTERS) {
                        List<Long> some = offsets.subList(from, Math.min(offsets.size(), from + LETTERS));
                        var command = new Command(kind, part(id, source, from), actor, reason, expected, some);
                        producer.send(new ProducerRecord<>(
                                CommandTopics.commands(group, source.topic()),
                                source.partition(),
                                null,
                                CommandFormat.write(command)));
                    }
                });
                producer.commitTransaction();
            } catch (RuntimeException e) {
                if (!ClientErrors.isFence(e)) {
                    producer.abortTransaction();
                }
                throw e;
            }
        } catch (RuntimeException e) {
            if (!ClientErrors.isFence(e)) {
                throw e;
            }
            throw new OperatorFencedException(
                    "somebody else has begun to send commands to group " + group
                            + ": nothing of this one was sent; agree on who goes on",
                    e);
        }
        return await(awaited, deadlineNanos, deadline);
    }

    private static String part(String id, TopicPartition source, int from) {
        return id + "/" + source + (from == 0 ? "" : "/" + from / LETTERS);
    }

    private List<Answer> await(Map<String, TopicPartition> awaited, long deadlineNanos, Duration deadline) {
        var got = new ArrayList<Answer>();
        while (!awaited.isEmpty()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new NoAnswerException("no answer within " + deadline + " from the owner of "
                        + new HashSet<>(awaited.values()) + " in group " + group
                        + ": start a processor of that group with its letters kept, or look at those that run; what was"
                        + " asked for is done when one comes");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                try {
                    Answer answer = AnswerFormat.read(record.value());
                    if (awaited.remove(answer.commandId()) != null) {
                        got.add(answer);
                    }
                } catch (IllegalArgumentException e) {
                    log.warn("Offset {} of {} is passed over: {}", record.offset(), answers, e.getMessage());
                }
            }
        }
        return got;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        consumer.close();
    }
}
