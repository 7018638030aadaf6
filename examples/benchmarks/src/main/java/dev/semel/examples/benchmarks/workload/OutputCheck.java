package dev.semel.examples.benchmarks.workload;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Follows an output topic, which has to hold each record of a {@link Load} once and those of a key in their order. Each record
 * names the one before it with its key, so a gap is noticed at once and nothing but the last of each key is held.
 *
 * <p>For one thread.
 */
public final class OutputCheck {

    private final long[] last = new long[Load.KEYS];
    private long records;
    private long gaps;
    private long repeats;

    /** Nothing has been seen yet. */
    public OutputCheck() {
        Arrays.fill(last, -1);
    }

    /**
     * Looks at the next record.
     *
     * @return when it was due, as the sender's {@link System#nanoTime}
     */
    public long see(ConsumerRecord<byte[], byte[]> output) {
        int key = Load.keyNumber(output.key());
        Body body = Body.read(output.value());
        records++;
        if (body.number() <= last[key]) {
            repeats++;
        } else {
            if (body.previous() != last[key]) {
                gaps++;
            }
            last[key] = body.number();
        }
        return body.dueNanos();
    }

    /** How many records were seen. */
    public long records() {
        return records;
    }

    /** What it came to. */
    public Verdict verdict(long expected) {
        return new Verdict(expected, records, gaps, repeats);
    }
}
