package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.testkit.TestKafka;
import dev.semel.windowing.engine.Rejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Records that a seed makes: of sources whose clocks are apart, each nearly in order, some too late, and some to be rejected; and what
 * has to become of them, which is computed as they are made.
 */
final class RandomStream {

    private static final int KEYS = 20;
    private static final int STEP = 20;
    private static final int TOO_LATE = 60;
    private static final int UNFIT = 50;

    private final RandomWindows windows;
    private final String topic;
    private final Random random;
    private final List<BatchWindows> batches;
    private final Map<String, Long> clocks = new TreeMap<>();
    private final Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);
    private int made;

    RandomStream(RandomWindows windows, String topic) {
        this.windows = windows;
        this.topic = topic;
        this.random = new Random(windows.seed());
        this.batches = windows.batches();
        // Of the past: a broker refuses what is from the future.
        long begin = System.currentTimeMillis() - Duration.ofDays(3).toMillis();
        int apart = (int) windows.size().multipliedBy(5).toMillis();
        for (int partition = 0; partition < windows.partitions(); partition++) {
            for (String source : windows.sources()) {
                clocks.put(partition + source, begin + random.nextInt(apart));
            }
        }
    }

    /** Sends so many more. */
    void send(TestKafka kafka, int count) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < count; i++) {
            records.add(next());
        }
        kafka.send(records);
    }

    private ProducerRecord<byte[], byte[]> next() {
        int partition = random.nextInt(windows.partitions());
        String source = windows.sources().get(random.nextInt(windows.sources().size()));
        long clock = clocks.merge(partition + source, (long) random.nextInt(STEP), Long::sum);
        long time = clock - random.nextInt((int) windows.disorder().toMillis() + 1);
        if (random.nextInt(TOO_LATE) == 0 && !windows.isLatenessUnknown()) {
            int size = (int) windows.size().toMillis();
            time -= size + windows.lateness().toMillis() + random.nextInt(3 * size);
        }
        String id = "r" + made++;
        int key = random.nextInt(KEYS);
        if (random.nextInt(UNFIT) == 0) {
            return unfit(partition, source, key, time, id);
        }
        String finalKey = windows.isRekeyed() ? "new " + key : keyIn(partition, key);
        batches.get(windows.isLatenessUnknown() ? 0 : partition)
                .take(windows.clock(partition, source), finalKey, time, id);
        return record(partition, source, keyIn(partition, key), "new " + key, time, time, id);
    }

    /** Without rekey, a key in two partitions would have two results in each window. */
    private static String keyIn(int partition, int key) {
        return "p" + partition + " " + key;
    }

    private ProducerRecord<byte[], byte[]> unfit(int partition, String source, int key, long time, String id) {
        String old = keyIn(partition, key);
        String renewed = "new " + key;
        switch (random.nextInt(windows.isGuarded() ? 4 : 3)) {
            case 0 -> {
                count(Rejection.NULL_KEY);
                return windows.isRekeyed()
                        ? record(partition, source, old, RandomWindows.NO_KEY, time, time, id)
                        : record(partition, source, null, renewed, time, time, id);
            }
            case 1 -> {
                count(Rejection.TIMESTAMP);
                return record(partition, source, old, renewed, time, Long.MIN_VALUE + 3, id);
            }
            case 2 -> {
                count(Rejection.TIMESTAMP);
                return record(partition, source, old, renewed, time, Long.MAX_VALUE - 3, id);
            }
            default -> {
                count(Rejection.FUTURE);
                long future = time + RandomWindows.FUTURE.toMillis() + 1 + random.nextInt(100_000);
                return record(partition, source, old, renewed, time, future, id);
            }
        }
    }

    private void count(Rejection reason) {
        rejected.merge(reason, 1L, Long::sum);
    }

    private ProducerRecord<byte[], byte[]> record(
            int partition, String source, @Nullable String key, String newKey, long time, long eventTime, String id) {
        return new ProducerRecord<>(
                topic,
                partition,
                time,
                key == null ? null : key.getBytes(UTF_8),
                (id + "|" + newKey + "|" + eventTime).getBytes(UTF_8),
                List.of(new RecordHeader(RandomWindows.SOURCE, source.getBytes(UTF_8))));
    }

    int sent() {
        return made;
    }

    /** All results there have to be, sorted. */
    List<String> results() {
        return sorted(batches.stream().flatMap(batch -> batch.results.stream()));
    }

    /** The ids of all records that are late, sorted. */
    List<String> late() {
        return sorted(batches.stream().flatMap(batch -> batch.late.stream()));
    }

    static List<String> sorted(Stream<String> texts) {
        return texts.sorted().toList();
    }

    /** What the accounts have to be, by the names that the metrics have. */
    Map<String, Long> accounts() {
        var accounts = new TreeMap<String, Long>();
        accounts.put(
                "processed-total",
                batches.stream().mapToLong(batch -> batch.processed).sum());
        accounts.put("late-total", (long) late().size());
        accounts.put(
                "open-entries",
                batches.stream().mapToLong(BatchWindows::openEntries).sum());
        accounts.put(
                "rejected-total",
                rejected.values().stream().mapToLong(Long::longValue).sum());
        for (Rejection reason : List.of(Rejection.NULL_KEY, Rejection.TIMESTAMP, Rejection.FUTURE)) {
            accounts.put(RandomWindowsRun.metric(reason), rejected.getOrDefault(reason, 0L));
        }
        return accounts;
    }
}
