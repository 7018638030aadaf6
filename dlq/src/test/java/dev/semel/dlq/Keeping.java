package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * A group that answers each event with its value, and fails with those that are broken: what most tests here need. Values are told apart
 * as {@code key:number}.
 */
final class Keeping {

    static final Duration DEADLINE = Duration.ofSeconds(60);

    final TestKafka kafka;
    final String group;
    final String input;
    final String output;
    final String letters;

    /** Values that the handler fails with, as long as they are here. */
    final Set<String> broken = ConcurrentHashMap.newKeySet();

    /** Values in the order in which their handlers were called. */
    final List<String> handled = Collections.synchronizedList(new ArrayList<>());

    private Keeping(TestKafka kafka, int partitions, String prefix) {
        this.kafka = kafka;
        this.group = kafka.group(prefix + "group");
        this.input = kafka.topic(prefix + "input", partitions);
        this.output = kafka.topic(prefix + "output", partitions);
        // Room for the headers of the largest record.
        this.letters = kafka.topic(prefix + "letters", partitions, Map.of("max.message.bytes", "2000000"));
    }

    static Keeping on(TestKafka kafka, int partitions) {
        return new Keeping(kafka, partitions, "");
    }

    /** One of several in a test. */
    static Keeping on(TestKafka kafka, int partitions, String prefix) {
        return new Keeping(kafka, partitions, prefix);
    }

    /** A processor that keeps letters, and lacks nothing. */
    EventProcessorBuilder<String, String> processor(DeadLetters deadLetters) {
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(deadLetters)
                .onFailure(RetryPolicy.never().thenDeadLetter(letters))
                .commitInterval(Duration.ofMillis(20))
                .handler((event, context) -> {
                    handled.add(event.value());
                    if (broken.contains(event.value())) {
                        throw new IllegalStateException("broken: " + event.value());
                    }
                    context.send(output, event.key(), event.value());
                });
    }

    /** Sends an event for each value, with what is before the colon as its key. */
    void send(String... values) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (String value : values) {
            records.add(record(value));
        }
        kafka.send(records);
    }

    ProducerRecord<byte[], byte[]> record(String value) {
        int colon = value.indexOf(':');
        byte @Nullable [] key = colon < 1 ? null : value.substring(0, colon).getBytes(UTF_8);
        return new ProducerRecord<>(input, key, value.getBytes(UTF_8));
    }

    /** What was answered, in the order of its partitions. */
    List<String> outputs(int expected) {
        return kafka.readCommitted(output, expected, DEADLINE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    /** Those of a key. */
    List<String> outputs(int expected, String key) {
        return outputs(expected).stream()
                .filter(value -> value.startsWith(key + ":"))
                .toList();
    }

    void awaitCommitted(long offset) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(committed()).isEqualTo(offset));
    }

    long committed() {
        return kafka.committedOffsets(group, input).values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    static List<String> in(DeadLetters letters, LetterState state) {
        return letters.letters().stream()
                .filter(letter -> letter.state() == state)
                .map(LetterStatus::id)
                .toList();
    }

    /** How many letters there are in each state, as text. */
    static String states(DeadLetters letters) {
        return letters.letters().stream()
                .collect(Collectors.groupingBy(LetterStatus::state, java.util.TreeMap::new, Collectors.counting()))
                .toString();
    }

    static void awaitStates(DeadLetters letters, String states) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(states(letters)).isEqualTo(states));
    }

    static InPlaceReport redrive(DeadLetters letters, Collection<String> ids) {
        try {
            return letters.redrive(ids, "a test").get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the redrive of " + ids, e);
        }
    }

    String id(int partition, long offset) {
        return group + "/" + input + "/" + partition + "/" + offset;
    }
}
