package dev.semel.examples.benchmarks.contestant;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Poll, handle, send and commit on one thread, in a transaction: the least that is exactly once while nothing fails. It knows
 * neither retries nor rebalances nor fencing, and ends the process at the first error.
 */
final class LoopContestant implements Contestant {

    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Settings settings;
    private final Meter meter;
    private final long intervalNanos;
    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final Thread thread;
    private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    private volatile boolean closing;

    private LoopContestant(Settings settings, Meter meter, Duration interval) {
        this.settings = settings;
        this.meter = meter;
        this.intervalNanos = interval.toNanos();
        this.consumer =
                new KafkaConsumer<>(settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Map<String, Object> config = settings.producer();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.group());
        this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.thread = new Thread(this::run, "loop");
    }

    static LoopContestant perInterval(Settings settings, Meter meter) {
        return new LoopContestant(settings, meter, settings.commitInterval());
    }

    static LoopContestant perPoll(Settings settings, Meter meter) {
        return new LoopContestant(settings, meter, Duration.ZERO);
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        producer.initTransactions();
        consumer.subscribe(List.of(settings.input()));
        boolean open = false;
        long openedNanos = 0;
        try {
            while (!closing) {
                Duration wait = open ? left(openedNanos) : PATIENCE;
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(wait);
                if (!polled.isEmpty() && !open) {
                    producer.beginTransaction();
                    open = true;
                    openedNanos = System.nanoTime();
                }
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    meter.handle();
                    producer.send(new ProducerRecord<>(settings.output(), record.key(), record.value()));
                }
                offsets.putAll(polled.nextOffsets());
                if (open && System.nanoTime() - openedNanos >= intervalNanos) {
                    commit();
                    open = false;
                }
            }
        } catch (WakeupException e) {
            // It is being closed.
        }
        if (open) {
            commit();
        }
        consumer.close();
        producer.close();
    }

    private Duration left(long openedNanos) {
        return Duration.ofNanos(Math.max(0, openedNanos + intervalNanos - System.nanoTime()));
    }

    private void commit() {
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
        offsets.clear();
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
