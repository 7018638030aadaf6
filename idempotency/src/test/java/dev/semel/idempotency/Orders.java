package dev.semel.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.health.ProcessorMetric;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** A group that answers each order with one output, and whose orders come more than once: what most tests here need. */
public final class Orders {

    public static final Duration DEADLINE = Duration.ofSeconds(90);
    public static final Duration RETENTION = Duration.ofDays(7);

    public final TestKafka kafka;
    public final int partitions;
    public final String group;
    public final String input;
    public final String output;
    public final String letters;

    private Orders(TestKafka kafka, int partitions) {
        this.kafka = kafka;
        this.partitions = partitions;
        this.group = kafka.group("group");
        this.input = kafka.topic("orders", partitions);
        this.output = kafka.topic("output", partitions);
        this.letters = kafka.topic("letters", partitions, Map.of("max.message.bytes", "2000000"));
    }

    public static Orders on(TestKafka kafka, int partitions) {
        return new Orders(kafka, partitions);
    }

    static KafkaIdempotencyStore store() {
        return KafkaIdempotencyStore.retaining(RETENTION).deadLettersRedrivenWithin(RETENTION);
    }

    String marks() {
        return group + "." + input + ".marks";
    }

    /** A processor that lacks nothing but its handler. */
    public EventProcessorBuilder<String, String> processor(Idempotency idempotency) {
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(idempotency)
                .onFailure(
                        RetryPolicy.fixed(Duration.ofMillis(5)).maxAttempts(3).thenDeadLetter(letters))
                .commitInterval(Duration.ofMillis(20));
    }

    /** The same, answering each order with its value. */
    EventProcessorBuilder<String, String> answering() {
        return processor(Idempotency.with(store()))
                .handler((event, context) -> context.send(output, event.key(), event.value()));
    }

    /** The same, noting what is handled. */
    EventProcessorBuilder<String, String> answering(Collection<String> handled) {
        return answering(Idempotency.with(store()), handled);
    }

    public EventProcessorBuilder<String, String> answering(Idempotency idempotency, Collection<String> handled) {
        return processor(idempotency).handler((event, context) -> {
            handled.add(event.value());
            context.send(output, event.key(), event.value());
        });
    }

    /** How many duplicates a processor has passed over, and committed. */
    public static long duplicates(EventProcessor<?, ?> processor) {
        return processor.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(ProcessorMetric.RECORDS_DUPLICATE_TOTAL.metricName()))
                .mapToLong(metric -> ((Number) metric.getValue().metricValue()).longValue())
                .sum();
    }

    /** An order: the key says in which partition it is, as it does for producers. */
    public ProducerRecord<byte[], byte[]> order(int partition, @Nullable String id, String value) {
        return order(partition, id, value, null);
    }

    public ProducerRecord<byte[], byte[]> order(
            int partition, @Nullable String id, String value, @Nullable Long timestamp) {
        var headers = new RecordHeaders();
        if (id != null) {
            headers.add("ce_id", id.getBytes(UTF_8)).add("ce_source", "orders".getBytes(UTF_8));
        }
        return new ProducerRecord<>(
                input, partition, timestamp, ("key-" + partition).getBytes(UTF_8), value.getBytes(UTF_8), headers);
    }

    /** Sends orders to partition 0, each under its own value as its id. */
    public void send(String... ids) {
        var orders = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (String id : ids) {
            orders.add(order(0, id, id));
        }
        kafka.send(orders);
    }

    public List<String> outputs(int expected) {
        return kafka.readCommitted(output, expected, DEADLINE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    public List<DeadLetter> letters(int expected) {
        return kafka.readCommitted(letters, expected, DEADLINE).stream()
                .map(letter -> DeadLetter.of(letter).orElseThrow())
                .toList();
    }

    public void awaitCommitted(long offset) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(committed()).isEqualTo(offset));
    }

    /** The sum over all partitions. */
    public long committed() {
        return kafka.committedOffsets(group, input).values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    /** What an operator does to have records handled again. The group must have no members. */
    public void setBack(int records) {
        setBack(kafka, group, input, records);
    }

    static void setBack(TestKafka kafka, String group, String topic, long records) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        kafka.committedOffsets(group, topic)
                .forEach((partition, offset) ->
                        offsets.put(partition, new OffsetAndMetadata(Math.max(0, offset.offset() - records))));
        // The last member leaves when its processor closes; the coordinator may take a moment over it.
        await().atMost(DEADLINE)
                .ignoreExceptions()
                .until(() -> kafka.admin()
                                .alterConsumerGroupOffsets(group, offsets)
                                .all()
                                .get(60, TimeUnit.SECONDS)
                        == null);
    }
}
