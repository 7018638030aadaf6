package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.testkit.TestKafka;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Writes letters as Kafka Connect lays them out, and reads copies. */
final class LetterFeed {

    static final String TIMEOUT = "java.util.concurrent.TimeoutException";

    private final TestKafka kafka;
    private final String letters;
    private final String origin;

    LetterFeed(TestKafka kafka, String letters, String origin) {
        this.kafka = kafka;
        this.letters = letters;
        this.origin = origin;
    }

    ProducerRecord<byte[], byte[]> letter(int partition, long offset, String key, String value, String exception) {
        var headers = new RecordHeaders();
        headers.add("ce_id", (origin + "-" + offset).getBytes(UTF_8));
        add(headers, "topic", origin);
        add(headers, "partition", Integer.toString(partition));
        add(headers, "offset", Long.toString(offset));
        add(headers, "connector.name", "sink");
        add(headers, "stage", "TASK_PUT");
        add(headers, "exception.class.name", exception);
        add(headers, "exception.message", "no answer for " + value);
        return new ProducerRecord<>(letters, partition, null, bytes(key), bytes(value), headers);
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add("__connect.errors." + name, value.getBytes(UTF_8));
    }

    /** One of partition 0, that timed out. */
    void send(long offset, String key, String value) {
        kafka.send(List.of(letter(0, offset, key, value, TIMEOUT)));
    }

    /** So many with values v0, v1... and keys k0 to k9 in turn, from partition 0 of the origin. */
    void send(int count) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < count; i++) {
            records.add(letter(0, i, "k" + i % 10, "v" + i, TIMEOUT));
        }
        kafka.send(records);
    }

    static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> text(record.value())).toList();
    }

    static List<String> headers(ConsumerRecord<byte[], byte[]> record) {
        var names = new ArrayList<String>();
        for (Header header : record.headers()) {
            names.add(header.key());
        }
        return names;
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }
}
