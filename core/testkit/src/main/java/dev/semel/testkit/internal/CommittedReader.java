package dev.semel.testkit.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a whole topic at {@code read_committed}.
 *
 * <p>After a commit returned, its markers may still be on their way to the partitions: until they arrive, the records are
 * there and a {@code read_committed} consumer stops before them. To stop at the end offsets that such a consumer is told
 * would miss them without notice. So the end here is the high watermark, as {@code read_uncommitted} sees it, and it is
 * asked for again until the consumer's position has reached it: records, aborted ones and markers alike.
 */
public final class CommittedReader {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final int SHOWN = 20;

    private final Map<String, Object> clientConfig;
    private final Admin admin;

    /**
     * A reader for the cluster of these clients.
     *
     * @param clientConfig how to connect
     * @param admin to ask for offsets
     */
    public CommittedReader(Map<String, Object> clientConfig, Admin admin) {
        this.clientConfig = clientConfig;
        this.admin = admin;
    }

    /**
     * Reads from the beginning until the end.
     *
     * @param topic an existing topic
     * @param expected how many committed records there have to be at least
     * @param deadline how long to wait for them
     * @return all committed records, by partition and offset
     * @throws AssertionError at the deadline
     */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic, int expected, Duration deadline) {
        Deadline end = Deadline.in(deadline);
        List<TopicPartition> partitions = Partitions.of(admin, List.of(topic));
        List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                consumer.poll(POLL).forEach(seen::add);
                boolean late = end.passed();
                if (seen.size() >= expected || late) {
                    Map<TopicPartition, Long> unread = unread(consumer, partitions);
                    if (seen.size() >= expected && unread.isEmpty()) {
                        seen.sort(Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(ConsumerRecord::partition)
                                .thenComparingLong(ConsumerRecord::offset));
                        return seen;
                    }
                    if (late) {
                        throw new AssertionError(describe(topic, expected, deadline, seen, unread));
                    }
                }
            }
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new TreeMap<>(clientConfig);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20); // a marker alone does not end a broker's wait for data
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** What lies between the consumer's position and the high watermark, per partition where there is anything. */
    private Map<TopicPartition, Long> unread(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        Map<TopicPartition, ListOffsetsResultInfo> ends = Answers.of(admin.listOffsets(
                        partitions.stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())),
                        new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all());
        Map<TopicPartition, Long> unread = new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
        ends.forEach((partition, end) -> {
            long missing = end.offset() - consumer.position(partition);
            if (missing > 0) {
                unread.put(partition, missing);
            }
        });
        return unread;
    }

    private static String describe(
            String topic,
            int expected,
            Duration deadline,
            List<ConsumerRecord<byte[], byte[]>> seen,
            Map<TopicPartition, Long> unread) {
        StringBuilder text = new StringBuilder("expected at least %d committed record(s) in %s within %s, saw %d"
                .formatted(expected, topic, deadline, seen.size()));
        if (!unread.isEmpty()) {
            text.append("; offsets not readable yet (an open transaction?): ").append(unread);
        }
        seen.stream().limit(SHOWN).forEach(record -> text.append("\n  ").append(show(record)));
        if (seen.size() > SHOWN) {
            text.append("\n  ... and ").append(seen.size() - SHOWN).append(" more");
        }
        return text.toString();
    }

    private static String show(ConsumerRecord<byte[], byte[]> record) {
        return "partition %d offset %d: %s = %s"
                .formatted(record.partition(), record.offset(), Text.of(record.key()), Text.of(record.value()));
    }
}
