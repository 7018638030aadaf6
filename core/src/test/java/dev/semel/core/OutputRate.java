package dev.semel.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Measures how many outputs a reader at {@code read_committed} gets in each fifth of a second. */
final class OutputRate implements AutoCloseable {

    private static final Duration BUCKET = Duration.ofMillis(200);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Something that happens at a time, and that the rate may suffer from. */
    private record Mark(String what, long atNanos) {}

    /**
     * How the rate took what happened.
     *
     * @param what happened
     * @param before the median of the outputs in each bucket, since what had happened before
     * @param recovered how long after it the last two buckets ended that had less than half of that on average (what misses one
     *     bucket by a hair comes in the next); zero where there were none
     * @param after the outputs in each bucket, until the next thing happened
     */
    record Recovery(String what, int before, Duration recovered, int[] after) {

        boolean isWithin(Duration goal) {
            return recovered.compareTo(goal) <= 0;
        }
    }

    private final long startNanos = System.nanoTime();
    private final Map<Integer, AtomicInteger> buckets = new ConcurrentHashMap<>();
    private final List<Mark> marks = new ArrayList<>();
    private final Thread reader;
    private volatile boolean ended;

    private OutputRate(Processing processing, int partitions) {
        Map<String, Object> config = new HashMap<>(processing.kafka.clientConfig());
        config.put("isolation.level", "read_committed");
        config.put("fetch.max.wait.ms", (int) POLL.toMillis());
        this.reader = new Thread(() -> read(config, processing.output, partitions), "output-rate");
        reader.start();
    }

    static OutputRate of(Processing processing, int partitions) {
        return new OutputRate(processing, partitions);
    }

    private void read(Map<String, Object> config, String topic, int partitions) {
        try (Consumer<byte[], byte[]> consumer = KafkaClients.standard().consumer(config)) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (!ended) {
                int count = consumer.poll(POLL).count();
                buckets.computeIfAbsent(bucket(System.nanoTime()), empty -> new AtomicInteger())
                        .addAndGet(count);
            }
        }
    }

    private int bucket(long nanos) {
        return (int) ((nanos - startNanos) / BUCKET.toNanos());
    }

    /** Something happens now. For one thread. */
    void mark(String what) {
        marks.add(new Mark(what, System.nanoTime()));
    }

    /** How the rate took each mark but the first and the last, which are where it is looked at from and up to. */
    List<Recovery> recoveries() {
        return IntStream.range(1, marks.size() - 1).mapToObj(this::recovery).toList();
    }

    private Recovery recovery(int i) {
        Mark mark = marks.get(i);
        int[] before = outputs(marks.get(i - 1), mark);
        Arrays.sort(before);
        int median = before.length == 0 ? 0 : before[before.length / 2];
        int[] after = outputs(mark, marks.get(i + 1));
        int low = after.length - 1;
        while (low > 0 && after[low - 1] + after[low] >= median) {
            low--;
        }
        long endNanos = startNanos + (bucket(mark.atNanos()) + 1L + low + 1) * BUCKET.toNanos();
        return new Recovery(
                mark.what(), median, low <= 0 ? Duration.ZERO : Duration.ofNanos(endNanos - mark.atNanos()), after);
    }

    /** Of the whole buckets between two marks. */
    private int[] outputs(Mark from, Mark to) {
        return IntStream.range(bucket(from.atNanos()) + 1, bucket(to.atNanos()))
                .map(bucket -> buckets.getOrDefault(bucket, new AtomicInteger()).get())
                .toArray();
    }

    /** A line for each mark. */
    String report(Duration goal) {
        List<Recovery> recoveries = recoveries();
        long within =
                recoveries.stream().filter(recovery -> recovery.isWithin(goal)).count();
        return "outputs in each " + BUCKET.toMillis() + " ms: back at half of the rate before within "
                + goal.toMillis() + " ms after " + within + " of " + recoveries.size() + " rebalances"
                + recoveries.stream()
                        .map(recovery -> String.format(
                                "%n  %-5s from %4d: %-4s after %5d ms %s",
                                recovery.what(),
                                recovery.before(),
                                recovery.isWithin(goal) ? "back" : "LATE",
                                recovery.recovered().toMillis(),
                                Arrays.toString(recovery.after())))
                        .collect(Collectors.joining());
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        reader.join(Duration.ofSeconds(60).toMillis());
    }
}
