package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.DeadLetter;
import dev.semel.testkit.TestKafka;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Writes letters of the group "inventory", with the headers that the processor writes. */
final class Feed {

    static final Instant START = Instant.parse("2025-06-14T02:00:00Z");

    private final TestKafka kafka;
    private final String letters;
    private final String origin;
    private final List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
    private long offset;

    Feed(TestKafka kafka, String letters, String origin) {
        this.kafka = kafka;
        this.letters = letters;
        this.origin = origin;
    }

    /** A letter of partition 0, the next offset, and a second after the one before. */
    Feed letter(String failure, String fingerprint, String key, String value, String exception, String message) {
        var headers = new RecordHeaders();
        add(headers, "ce_id", "event-" + offset);
        add(headers, DeadLetter.TOPIC, origin);
        add(headers, DeadLetter.PARTITION, "0");
        add(headers, DeadLetter.OFFSET, Long.toString(offset));
        add(headers, DeadLetter.EXCEPTION, exception);
        add(headers, DeadLetter.MESSAGE, message);
        add(headers, DeadLetter.ID, id(offset));
        add(headers, DeadLetter.GROUP, "inventory");
        add(headers, DeadLetter.FAILURE, failure);
        add(headers, DeadLetter.FINGERPRINT, fingerprint);
        add(headers, DeadLetter.ATTEMPT, "4");
        add(headers, DeadLetter.FIRST_FAILED_AT, START.plusSeconds(offset).toString());
        add(headers, DeadLetter.ORIGINAL_TIMESTAMP, Long.toString(START.toEpochMilli()));
        written.add(new ProducerRecord<>(letters, 0, null, key.getBytes(UTF_8), value.getBytes(UTF_8), headers));
        offset++;
        return this;
    }

    Feed timeouts(int count) {
        for (int i = 0; i < count; i++) {
            letter(
                    "timeout_exceeded",
                    "4f2a90c1d7e83b56",
                    "order-" + offset % 10,
                    "v" + offset,
                    "dev.semel.core.failure.HandlerTimeoutException",
                    "the handler has not ended within PT2S");
        }
        return this;
    }

    Feed refused(int count) {
        for (int i = 0; i < count; i++) {
            letter(
                    "handler_exception",
                    "b81d3f00a2c94e67",
                    "order-" + offset % 10,
                    "v" + offset,
                    "com.example.UnknownProductException",
                    "no product p-" + offset);
        }
        return this;
    }

    Feed unreadable(int count) {
        for (int i = 0; i < count; i++) {
            letter(
                    "deserialization_failed",
                    "07c5e1b2f9a3d468",
                    "order-" + offset % 10,
                    "{\"order\":",
                    "dev.semel.core.failure.UnreadableEventException",
                    "the value is no JSON: it ends early");
        }
        return this;
    }

    void send() {
        kafka.send(written);
        written.clear();
    }

    String id(long offset) {
        return DeadLetter.id("inventory", new TopicPartition(origin, 0), offset);
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
