package dev.semel.examples.shop.run;

import dev.semel.core.event.CloudEvents;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.examples.shop.balance.InventoryModel;
import dev.semel.examples.shop.balance.Ledger;
import dev.semel.examples.shop.event.ShopNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What an outsider sees: reads all topics of a run at {@code read_committed}, as they grow, into the ledger and the
 * read model. A thread of its own does the reading; the methods are for the thread that made it.
 */
final class CommittedView implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final int JOIN_SECONDS = 10;

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final ShopNames names;
    private final Ledger ledger;
    private final InventoryModel model = new InventoryModel();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> records = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::read, "shop-view");
    private volatile boolean closing;
    private volatile @Nullable Throwable failure;

    CommittedView(String bootstrapServers, ShopNames names) {
        this.names = names;
        this.ledger = new Ledger(names);
        this.partitions = ShopCluster.partitions(names.topics());
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (consumer) {
            consumer.assign(partitions);
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    ledger.add(record).ifPresent(model::add);
                    if (!isOnItsWay(record)) {
                        records.computeIfAbsent(record.topic(), first -> new AtomicLong())
                                .incrementAndGet();
                    }
                }
                partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** Letters that are not at their end, since they are redriven. */
    private static boolean isOnItsWay(ConsumerRecord<byte[], byte[]> record) {
        return FailureClass.HANDLER_EXCEPTION.name().equals(CloudEvents.text(record.headers(), DeadLetter.FAILURE));
    }

    /** How many records are where they end: answered by the inventory, confirmed, or letters that nobody can read. */
    long settled() {
        return names.ends().stream().mapToLong(this::count).sum();
    }

    /** How many payments have been confirmed. */
    long confirmed() {
        return count(names.confirmations());
    }

    private long count(String topic) {
        @Nullable AtomicLong count = records.get(topic);
        return count == null ? 0 : count.get();
    }

    InventoryModel model() {
        return model;
    }

    /** Whether everything before these offsets has been read, and so was committed or aborted. */
    boolean hasReached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    void checkAlive() {
        if (failure != null) {
            throw new RunFailedException("the topics cannot be read any more: " + failure, failure);
        }
    }

    /** Stops reading, and gives what was read. */
    Ledger ledger() throws InterruptedException {
        closing = true;
        thread.join(TimeUnit.SECONDS.toMillis(JOIN_SECONDS));
        if (thread.isAlive()) {
            throw new RunFailedException("the reader of the topics did not stop within " + JOIN_SECONDS + " s", null);
        }
        checkAlive();
        return ledger;
    }

    @Override
    public void close() {
        closing = true;
    }
}
