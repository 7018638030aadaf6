package dev.semel.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** One group that reads an input topic and writes an output topic, with a topic for its letters: what most tests need. */
final class Processing {

    static final Duration DEADLINE = Duration.ofSeconds(60);

    final TestKafka kafka;
    final String group;
    final String input;
    final String output;
    final String letters;

    private Processing(TestKafka kafka, int partitions) {
        this.kafka = kafka;
        this.group = kafka.group("group");
        this.input = kafka.topic("input", partitions);
        this.output = kafka.topic("output", partitions);
        // Room for the headers of a letter on top of the largest record.
        this.letters = kafka.topic("letters", partitions, Map.of("max.message.bytes", "2000000"));
    }

    static Processing on(TestKafka kafka) {
        return new Processing(kafka, 1);
    }

    static Processing on(TestKafka kafka, int partitions) {
        return new Processing(kafka, partitions);
    }

    /** A builder that lacks a handler only; failures are retried twice at short intervals, then lettered. */
    EventProcessorBuilder<String, String> processor() {
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(lettersAfterThreeAttempts())
                .commitInterval(Duration.ofMillis(20));
    }

    FailurePolicy lettersAfterThreeAttempts() {
        return RetryPolicy.fixed(Duration.ofMillis(5)).maxAttempts(3).thenDeadLetter(letters);
    }

    /** Sends {@code count} records with the values {@code 0}, {@code 1}, ..., keyed and spread over the partitions. */
    void send(int count) {
        int partitions = Futures.await(kafka.admin()
                        .describeTopics(List.of(input))
                        .topicNameValues()
                        .get(input))
                .partitions()
                .size();
        kafka.send(IntStream.range(0, count)
                .mapToObj(i -> new ProducerRecord<>(input, i % partitions, bytes("key-" + i % 10), bytes("" + i)))
                .toList());
    }

    void send(@Nullable String... values) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (@Nullable String value : values) {
            records.add(new ProducerRecord<>(input, 0, bytes("key"), value == null ? null : bytes(value)));
        }
        kafka.send(records);
    }

    List<ConsumerRecord<byte[], byte[]>> outputs(int expected) {
        return kafka.readCommitted(output, expected, DEADLINE);
    }

    List<String> outputValues(int expected) {
        return outputs(expected).stream().map(Processing::value).toList();
    }

    List<ConsumerRecord<byte[], byte[]>> letterRecords(int expected) {
        return kafka.readCommitted(letters, expected, DEADLINE);
    }

    List<DeadLetter> letters(int expected) {
        return letterRecords(expected).stream()
                .map(letter -> DeadLetter.of(letter).orElseThrow())
                .toList();
    }

    /** Waits until the group has committed the whole input. */
    void awaitCommitted(long offset) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(committed()).isEqualTo(offset));
    }

    /** The sum of the committed offsets. The input is named, so that a first commit whose marker is on its way is seen. */
    long committed() {
        return kafka.committedOffsets(group, input).values().stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }

    TopicPartition inputPartition() {
        return new TopicPartition(input, 0);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String value(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), UTF_8);
    }

    static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }
}
