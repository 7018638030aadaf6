package dev.semel.examples.shop.inventory;

import dev.semel.core.event.EventSerde;
import dev.semel.core.event.RawEvent;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.examples.shop.event.InventoryEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stock of every partition that this instance owns. Restored, when a partition comes, from what was committed to
 * the topic {@code inventory}: it has the same number of partitions and the same keys as the source, so the same number
 * holds the same products.
 *
 * <h2>Reasoning</h2>
 *
 * <p>The end of what must be read is the high watermark, asked for first, and reading goes on until the position has
 * reached it. The end that a {@code read_committed} consumer is told lies before transactions whose markers are still
 * on their way: with it, a predecessor's last events would be missed, and stock would be given out twice.
 *
 * <p>Threading: several partitions are restored, and handled, at the same time.
 */
final class Stocks implements Participant {

    private static final Logger log = LoggerFactory.getLogger(Stocks.class);

    private static final Duration RESTORE_DEADLINE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> kafka;
    private final String inventoryTopic;
    private final EventSerde<String, InventoryEvent> events = InventoryEvent.JSON;
    private final Map<Integer, PartitionStock> byPartition = new ConcurrentHashMap<>();

    Stocks(Map<String, Object> kafka, String inventoryTopic) {
        this.kafka = kafka;
        this.inventoryTopic = inventoryTopic;
    }

    /** The stock of a partition that is owned and restored. */
    PartitionStock of(int partition) {
        @Nullable PartitionStock stock = byPartition.get(partition);
        if (stock == null) {
            throw new IllegalStateException("partition " + partition + " is not restored, or not owned any more");
        }
        return stock;
    }

    @Override
    public PartitionParticipant assigned(TopicPartition partition) {
        return new PartitionParticipant() {
            @Override
            public void restore(long committedOffset) throws Exception {
                Stocks.this.restore(partition);
            }

            @Override
            public void released() {
                byPartition.remove(partition.partition());
            }
        };
    }

    private void restore(TopicPartition partition) throws Exception {
        var source = new TopicPartition(inventoryTopic, partition.partition());
        var stock = new PartitionStock();
        long end = highWatermark(source);
        long deadlineNanos = System.nanoTime() + RESTORE_DEADLINE.toNanos();
        long restored = 0;
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(source));
            consumer.seekToBeginning(List.of(source));
            while (consumer.position(source) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    stock.apply(events.readValue(new RawEvent(record, null, 1)));
                    restored++;
                }
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new TimeoutException("read " + source + " up to " + consumer.position(source) + " of " + end
                            + " within " + RESTORE_DEADLINE);
                }
            }
        }
        byPartition.put(partition.partition(), stock);
        log.info("Restored {} from {} events of {}", partition, restored, source);
    }

    private long highWatermark(TopicPartition partition) throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            return admin.listOffsets(
                            Map.of(partition, OffsetSpec.latest()),
                            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .partitionResult(partition)
                    .get(RESTORE_DEADLINE.toSeconds(), TimeUnit.SECONDS)
                    .offset();
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
