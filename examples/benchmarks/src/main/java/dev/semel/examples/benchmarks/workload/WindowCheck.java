package dev.semel.examples.benchmarks.workload;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Compares results, as Kafka Streams writes them, with those that are expected. Of results that go out once it forgets what has come
 * as expected, so that a long run takes no more memory than a short one; of updates the last counts, at the end.
 *
 * <p>Safe for use by several threads: one may expect what another sees.
 */
public final class WindowCheck {

    private static final int KEY_PREFIX = "key-".length();

    private record At(int key, long start) {}

    private final boolean isOfUpdates;
    private final Map<At, Long> expected = new HashMap<>();
    private final Map<At, Long> seen = new HashMap<>();
    private long expectations;
    private long right;
    private long repeated;
    private long results;

    /** @param isOfUpdates whether a later result of a key and window replaces an earlier one */
    public WindowCheck(boolean isOfUpdates) {
        this.isOfUpdates = isOfUpdates;
    }

    /** This has to come, or to be the last that came. */
    public synchronized void expect(int key, long start, long count) {
        expectations++;
        var at = new At(key, start);
        expected.put(at, count);
        settle(at);
    }

    /** This has come. */
    public synchronized void see(ConsumerRecord<byte[], byte[]> result) {
        byte[] bytes = result.key();
        int end = bytes.length - Long.BYTES;
        int key = 0;
        for (int i = KEY_PREFIX; i < end; i++) {
            key = key * 10 + (bytes[i] - '0');
        }
        var at = new At(key, ByteBuffer.wrap(bytes, end, Long.BYTES).getLong());
        results++;
        Long before = seen.put(at, ByteBuffer.wrap(result.value()).getLong());
        if (before != null && !isOfUpdates) {
            repeated++;
        }
        settle(at);
    }

    private void settle(At at) {
        Long count = expected.get(at);
        if (!isOfUpdates && count != null && count.equals(seen.get(at))) {
            expected.remove(at);
            seen.remove(at);
            right++;
        }
    }

    /** How many results were read. */
    public synchronized long results() {
        return results;
    }

    /** How many that are expected have not come as expected. */
    public synchronized long outstanding() {
        return expected.size();
    }

    /** What it came to. Updates of windows that are still open are neither right nor wrong. */
    public synchronized WindowVerdict verdict() {
        long wrong = 0;
        long unexpected = 0;
        long rightUpdates = 0;
        for (Map.Entry<At, Long> entry : seen.entrySet()) {
            Long count = expected.get(entry.getKey());
            if (count == null) {
                unexpected += isOfUpdates ? 0 : 1;
            } else if (count.equals(entry.getValue())) {
                rightUpdates++;
            } else {
                wrong++;
            }
        }
        return new WindowVerdict(expectations, right + rightUpdates, wrong, repeated, unexpected);
    }
}
