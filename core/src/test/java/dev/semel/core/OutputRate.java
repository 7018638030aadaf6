package dev.semel.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Measures how many outputs a reader at {@code read_committed} gets in each fifth of a second, and for how long those of one input
 * partition stay away.
 */
final class OutputRate implements AutoCloseable {

    private static final Duration BUCKET = Duration.ofMillis(200);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Outputs of an input partition stayed away for a time. */
    private record Silence(long endNanos, Duration length) {}

    /** Something that happens at a time, and that the rate may suffer from. */
    private record Mark(String what, long atNanos) {}

    /**
     * How the rate took what happened.
     *
     * @param what happened
     * @param before the median of the outputs in each bucket, since what had happened before
     * @param recovered how long after it the last two buckets ended that had less than half of that on average (what misses one
     *     bucket by a hair comes in the next); zero where there were none
     * @param silence the longest time without outputs of some input partition that ended before the next thing happened
     * @param after the outputs in each bucket, until then
     */
    record Recovery(String what, int before, Duration recovered, Duration silence, int[] after) {

        boolean isWithin(Duration goal) {
            return recovered.compareTo(goal) <= 0;
        }
    }

    private final long startNanos = System.nanoTime();
    private final Map<Integer, AtomicInteger> buckets = new ConcurrentHashMap<>();
    private final Queue<Silence> silences = new ConcurrentLinkedQueue<>();
    private final List<Mark> marks = new ArrayList<>();
    private final ToIntFunction<ConsumerRecord<byte[], byte[]>> inputPartition;
    private final Thread reader;
    private volatile boolean ended;

    private OutputRate(
            Processing processing, int partitions, ToIntFunction<ConsumerRecord<byte[], byte[]>> inputPartition) {
        this.inputPartition = inputPartition;
        Map<String, Object> config = new HashMap<>(processing.kafka.clientConfig());
        config.put("isolation.level", "read_committed");
        config.put("fetch.max.wait.ms", (int) POLL.toMillis());
        this.reader = new Thread(() -> read(config, processing.output, partitions), "output-rate");
        reader.start();
    }

    /** @param inputPartition that an output was made from */
    static OutputRate of(
            Processing processing, int partitions, ToIntFunction<ConsumerRecord<byte[], byte[]>> inputPartition) {
        return new OutputRate(processing, partitions, inputPartition);
    }

    private void read(Map<String, Object> config, String topic, int partitions) {
        try (Consumer<byte[], byte[]> consumer = KafkaClients.standard().consumer(config)) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long[] latest = new long[partitions];
            Arrays.fill(latest, startNanos);
            while (!ended) {
                ConsumerRecords<byte[], byte[]> outputs = consumer.poll(POLL);
                long now = System.nanoTime();
                buckets.computeIfAbsent(bucket(now), empty -> new AtomicInteger())
                        .addAndGet(outputs.count());
                for (ConsumerRecord<byte[], byte[]> output : outputs) {
                    int from = inputPartition.applyAsInt(output);
                    if (now - latest[from] >= BUCKET.toNanos()) {
                        silences.add(new Silence(now, Duration.ofNanos(now - latest[from])));
                    }
                    latest[from] = now;
                }
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
                mark.what(),
                median,
                low <= 0 ? Duration.ZERO : Duration.ofNanos(endNanos - mark.atNanos()),
                silence(mark, marks.get(i + 1)),
                after);
    }

    private Duration silence(Mark from, Mark to) {
        return silences.stream()
                .filter(silence -> silence.endNanos() - from.atNanos() >= 0 && silence.endNanos() - to.atNanos() < 0)
                .map(Silence::length)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
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
                                "%n  %-5s from %4d: %-4s after %5d ms, no partition silent for more than %5d ms %s",
                                recovery.what(),
                                recovery.before(),
                                recovery.isWithin(goal) ? "back" : "LATE",
                                recovery.recovered().toMillis(),
                                recovery.silence().toMillis(),
                                Arrays.toString(recovery.after())))
                        .collect(Collectors.joining());
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        reader.join(Duration.ofSeconds(60).toMillis());
    }
}
