package dev.semel.testkit.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics at {@code read_committed} from their beginning on, in pieces, and hands over record by record. For one thread at a
 * time.
 */
public final class TopicTail {

    private static final Duration POLL = Duration.ofMillis(50);

    private final Map<String, Object> clientConfig;
    private final Admin admin;
    private final List<String> topics;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private Map<TopicPartition, Long> unread = Map.of();

    /**
     * At the beginning.
     *
     * @param clientConfig how to connect
     * @param admin to ask for offsets
     * @param topics existing ones, or none
     */
    public TopicTail(Map<String, Object> clientConfig, Admin admin, List<String> topics) {
        this.clientConfig = clientConfig;
        this.admin = admin;
        this.topics = topics;
    }

    /**
     * Where the topics end now.
     *
     * @param level before the first open transaction, or behind everything
     * @return an offset for each partition there is
     */
    public Map<TopicPartition, Long> ends(IsolationLevel level) {
        Map<TopicPartition, OffsetSpec> latest = Partitions.of(admin, topics).stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        Answers.of(admin.listOffsets(latest, new ListOffsetsOptions(level)).all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /**
     * Reads on.
     *
     * @param ends up to where; no record behind it is handed over
     * @param deadline for all of it
     * @param reader takes each committed record once, a partition's in order
     * @return false if the deadline passed before; what was handed over is not read again
     */
    public boolean readTo(
            Map<TopicPartition, Long> ends, Deadline deadline, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        unread = unread(ends);
        if (unread.isEmpty()) {
            return true;
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> reading = new ArrayList<>(unread.keySet());
            consumer.assign(reading);
            reading.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
            while (!unread.isEmpty()) {
                if (deadline.passed()) {
                    return false;
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    if (record.offset() < end(ends, partition)) {
                        positions.put(partition, record.offset() + 1);
                        reader.accept(record);
                    }
                }
                for (TopicPartition partition : List.copyOf(unread.keySet())) {
                    // Markers and aborted records are passed over, so that the position is ahead of the last record.
                    long position = Math.min(consumer.position(partition), end(ends, partition));
                    positions.merge(partition, position, Math::max);
                }
                unread = unread(ends);
                consumer.pause(reading.stream()
                        .filter(partition -> !unread.containsKey(partition))
                        .toList());
            }
            return true;
        }
    }

    /**
     * How much lies between the position and the ends that were last asked for.
     *
     * @return a number of offsets for each partition where there is anything
     */
    public Map<TopicPartition, Long> unread() {
        return unread;
    }

    private Map<TopicPartition, Long> unread(Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> left = new HashMap<>();
        ends.forEach((partition, end) -> {
            long missing = end - positions.getOrDefault(partition, 0L);
            if (missing > 0) {
                left.put(partition, missing);
            }
        });
        return left;
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return Objects.requireNonNull(ends.get(partition), "a record of " + partition + ", which was not asked for");
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(clientConfig);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // what retention took is past checking
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20); // a marker alone does not end a broker's wait for data
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
