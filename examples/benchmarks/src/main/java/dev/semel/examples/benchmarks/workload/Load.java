package dev.semel.examples.benchmarks.workload;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The records of a topic, one after the other: 200-byte values with 10,000 keys in random order, the same in each run. For
 * one thread.
 */
public final class Load implements Records {

    /** How many partitions the topics have. */
    public static final int PARTITIONS = 4;

    static final int KEYS = 10_000;

    private static final int KEY_DIGITS = 5;
    private static final long SEED = 20_260_101;
    private static final byte[][] KEY_BYTES = keys();

    private final String topic;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final long[] previous = new long[KEYS];
    private long number;

    /**
     * The first record comes next.
     *
     * @param topic where they are sent
     */
    public Load(String topic) {
        this.topic = topic;
        Arrays.fill(previous, -1);
    }

    @Override
    public ProducerRecord<byte[], byte[]> next(long dueNanos) {
        int key = random.nextInt(KEYS);
        byte[] value = new Body(number, previous[key], dueNanos).write();
        previous[key] = number++;
        return new ProducerRecord<>(topic, KEY_BYTES[key], value);
    }

    /** What a record is known by, as an event would carry it in its headers. */
    public static String id(byte[] value) {
        return "event-" + Body.read(value).number();
    }

    private static byte[][] keys() {
        byte[][] keys = new byte[KEYS][];
        for (int key = 0; key < KEYS; key++) {
            keys[key] = String.format("customer-%05d", key).getBytes(StandardCharsets.US_ASCII);
        }
        return keys;
    }

    /** Which key it is, from 0. Looked at for each record that is checked, so without making text of it. */
    static int keyNumber(byte[] key) {
        int number = 0;
        for (int i = key.length - KEY_DIGITS; i < key.length; i++) {
            number = number * 10 + (key[i] - '0');
        }
        return number;
    }
}
