package dev.semel.examples.benchmarks.workload;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events to be counted by key and window: 8-byte values, their time the record's, the same in each run but for when they begin. The
 * model is told of each. For one thread.
 */
public final class WindowLoad implements Records {

    private static final long SEED = 20_260_102;

    private final String topic;
    private final Shape shape;
    private final WindowModel model;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final byte[][] keys;
    private long number;

    /** The first event comes next. */
    public WindowLoad(String topic, Shape shape, WindowModel model) {
        this.topic = topic;
        this.shape = shape;
        this.model = model;
        this.keys = new byte[shape.keys()][];
        for (int key = 0; key < keys.length; key++) {
            keys[key] = ("key-" + key).getBytes(StandardCharsets.US_ASCII);
        }
    }

    @Override
    public ProducerRecord<byte[], byte[]> next(long dueNanos) {
        long place = shape.beginMillis() + number * shape.stepMicros() / 1_000;
        long timestamp = Math.max(shape.beginMillis(), place - random.nextLong(Shape.DISORDER.toMillis()));
        int key = random.nextInt(keys.length);
        int partition = key % Load.PARTITIONS;
        model.event(partition, key, timestamp);
        return new ProducerRecord<>(
                topic,
                partition,
                timestamp,
                keys[key],
                ByteBuffer.allocate(Long.BYTES).putLong(number++).array());
    }
}
