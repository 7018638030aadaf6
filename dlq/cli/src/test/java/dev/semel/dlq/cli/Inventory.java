package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.Redactor;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.DeadLetters;
import dev.semel.dlq.LetterStatus;
import dev.semel.testkit.TestKafka;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A service that keeps its letters, and can be stopped and started: it answers each order, but for those that it cannot handle. */
final class Inventory implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Messages, and no stack traces, which change with each line of this file. */
    private static final Redactor MESSAGES = new Redactor() {
        @Override
        public @Nullable String message(Throwable failure) {
            return failure.getMessage();
        }

        @Override
        public @Nullable String stackTrace(Throwable failure) {
            return null;
        }
    };

    final String group;
    final String orders;
    final String stock;
    final String letterTopic;

    /** Orders that the warehouse has no answer for, as long as they are here. */
    final Set<String> unanswered = ConcurrentHashMap.newKeySet();

    /** Orders of products that nobody knows. */
    final Set<String> unknown = ConcurrentHashMap.newKeySet();

    /** What the handler was called with, in this order. */
    final List<String> handled = new CopyOnWriteArrayList<>();

    private final TestKafka kafka;
    private @Nullable EventProcessor<String, String> processor;
    private DeadLetters letters = DeadLetters.builder().build();

    Inventory(TestKafka kafka, String group, String orders, String stock, String letterTopic) {
        this.kafka = kafka;
        this.group = group;
        this.orders = orders;
        this.stock = stock;
        this.letterTopic = letterTopic;
    }

    static Inventory of(TestKafka kafka, int partitions) {
        return new Inventory(
                kafka,
                kafka.group("inventory"),
                kafka.topic("orders", partitions),
                kafka.topic("stock", 1),
                kafka.topic("letters", partitions));
    }

    void start() {
        start(DeadLetters.builder());
    }

    void start(DeadLetters.Builder keeping) {
        letters = keeping.build();
        processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(orders)
                .events(EventSerde.of(
                        Serdes.String(), Serdes.serdeFrom(new StringSerializer(), new StringDeserializer() {
                            @Override
                            public String deserialize(String topic, byte[] bytes) {
                                String value = super.deserialize(topic, bytes);
                                if (value.startsWith("{")) {
                                    throw new SerializationException("the value is no order: it ends early");
                                }
                                return value;
                            }
                        })))
                .participant(letters)
                .redactor(MESSAGES)
                .onFailure(FailurePolicy.byClass()
                        .classify(SocketTimeoutException.class, FailureClass.TIMEOUT_EXCEEDED)
                        .otherwise(RetryPolicy.never().thenDeadLetter(letterTopic)))
                .commitInterval(Duration.ofMillis(20))
                .handler((event, context) -> {
                    handled.add(event.value());
                    if (unanswered.contains(event.value())) {
                        throw new SocketTimeoutException("no answer from the warehouse within 2 s");
                    }
                    if (unknown.contains(event.value())) {
                        throw new UnknownProductException("no product for " + event.value());
                    }
                    context.send(stock, event.key(), event.value());
                })
                .build();
        processor.start();
    }

    void stop() {
        if (processor != null) {
            processor.close();
            processor = null;
        }
    }

    String state() {
        return processor == null ? "stopped" : processor.state().toString();
    }

    /** An order each, of the key before its dash. */
    void send(List<String> values) {
        kafka.send(values.stream()
                .map(value -> new ProducerRecord<>(
                        orders, value.replaceFirst("-[^-]*$", "").getBytes(UTF_8), value.getBytes(UTF_8)))
                .toList());
    }

    /** Orders that the warehouse has no answer for, of a key each; and waits until they are letters. */
    void timeouts(int count) {
        String[] values = new String[count];
        Arrays.setAll(values, i -> "o" + i + "-1");
        Collections.addAll(unanswered, values);
        send(List.of(values));
        awaitStates(Map.of("OPEN", (long) count));
    }

    void awaitStates(Map<String, Long> states) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(states()).isEqualTo(new TreeMap<>(states)));
    }

    private Map<String, Long> states() {
        return letters.letters().stream()
                .collect(Collectors.groupingBy(
                        (LetterStatus letter) -> letter.state().name(), TreeMap::new, Collectors.counting()));
    }

    List<String> answered(int expected) {
        return kafka.readCommitted(stock, expected, DEADLINE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    @Override
    public void close() {
        stop();
    }
}
