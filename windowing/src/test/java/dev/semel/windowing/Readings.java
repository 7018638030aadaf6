package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;

/**
 * Readings on a real cluster, some of them too late, what an application has made of them ({@link WindowingApp}), and what it should
 * have: a model that shares no code with the engine.
 */
final class Readings {

    static final int PARTITIONS = 2;
    static final Duration SIZE = Duration.ofSeconds(1);
    static final Duration DISORDER = Duration.ofMillis(200);
    static final Duration LATENESS = Duration.ofMillis(300);
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Map<String, String> FOR_EVER = Map.of("retention.ms", "-1");
    private static final int KEYS = 12;

    final TestKafka kafka;
    final String application;
    final String readings;
    final String results;
    final String late;

    private final Random random;
    private final List<List<Reading>> sent = new ArrayList<>();
    private final long[] clocks = new long[PARTITIONS];
    private int ids;

    private record Reading(String id, String key, long timestamp) {}

    Readings(TestKafka kafka, long seed) {
        this.kafka = kafka;
        this.application = kafka.group("windowing");
        this.readings = kafka.topic("readings", PARTITIONS, FOR_EVER);
        this.results = kafka.topic("results", 1, FOR_EVER);
        this.late = kafka.topic("late", 1, FOR_EVER);
        this.random = new Random(seed);
        long begin = System.currentTimeMillis() - Duration.ofDays(2).toMillis();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            sent.add(new ArrayList<>());
            clocks[partition] = begin;
        }
    }

    /** Sends so many; every hundredth is far behind the others. */
    void send(int count) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < count; i++) {
            int partition = random.nextInt(PARTITIONS);
            clocks[partition] += random.nextInt(20);
            boolean isFarBehind = random.nextInt(100) == 0;
            int behind = isFarBehind ? 2_000 + random.nextInt(1_000) : random.nextInt((int) DISORDER.toMillis());
            var reading = new Reading(
                    "r" + ids++, "p" + partition + "-" + random.nextInt(KEYS), Math.max(0, clocks[partition] - behind));
            sent.get(partition).add(reading);
            records.add(new ProducerRecord<>(
                    readings,
                    partition,
                    reading.timestamp(),
                    reading.key().getBytes(UTF_8),
                    reading.id().getBytes(UTF_8)));
        }
        kafka.send(records);
    }

    /** Waits until the application has committed all that was sent. */
    void awaitHandled() {
        awaitCommitted(sent());
    }

    /** Waits until the application has committed so much. */
    void awaitCommitted(long records) {
        Awaitility.await()
                .dontCatchUncaughtExceptions() // A thread of the application may fail, and be replaced.
                .atMost(PATIENCE)
                .until(() -> committed() >= records);
    }

    /** How many records the application has committed. */
    long committed() {
        return kafka.committedOffsets(application, readings).values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    int sent() {
        return sent.stream().mapToInt(List::size).sum();
    }

    /** What the finals have to be, as {@code key[start, end)=count}. */
    List<String> expectedResults() {
        return model().finals();
    }

    Set<String> expectedLate() {
        return model().late();
    }

    private record Model(List<String> finals, Set<String> late) {}

    /** Each partition is a source, and a task sees one: its watermark is its own largest time, less the disorder. */
    private Model model() {
        var finals = new TreeSet<String>();
        var late = new HashSet<String>();
        for (List<Reading> partition : sent) {
            long watermark = Long.MIN_VALUE;
            var counts = new HashMap<String, Integer>();
            var ends = new HashMap<String, Long>();
            for (Reading reading : partition) {
                long start = reading.timestamp() - reading.timestamp() % SIZE.toMillis();
                long end = start + SIZE.toMillis();
                if (watermark >= end + LATENESS.toMillis()) {
                    late.add(reading.id());
                } else {
                    String window = reading.key() + "[" + start + ", " + end + ")";
                    counts.merge(window, 1, Integer::sum);
                    ends.put(window, end);
                }
                watermark = Math.max(watermark, reading.timestamp() - DISORDER.toMillis());
            }
            long last = watermark;
            counts.forEach((window, count) -> {
                if (last >= ends.getOrDefault(window, 0L) + LATENESS.toMillis()) {
                    finals.add(window + "=" + count);
                }
            });
        }
        return new Model(List.copyOf(finals), late);
    }

    /** What a reader of committed records sees, in an order of its own. */
    List<String> results() {
        return values(results, expectedResults().size()).stream().sorted().toList();
    }

    List<String> late() {
        return values(late, expectedLate().size());
    }

    private List<String> values(String topic, int atLeast) {
        return kafka.readCommitted(topic, atLeast, PATIENCE).stream()
                .map(ConsumerRecord::value)
                .map(value -> new String(value, UTF_8))
                .collect(Collectors.toList());
    }
}
