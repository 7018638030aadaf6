package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.OrderApp.Kind;
import dev.semel.windowing.OrderApp.Topics;
import dev.semel.windowing.WindowingApp.CrashPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whatever happens to the processes: each record goes out once, and in its place, for who reads what is committed. */
@KafkaTest
class OrderCrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HEAP = "-Xmx128m";
    private static final int RECORDS = 1_200;

    @TempDir
    private Path directory;

    private static ProducerRecord<byte[], byte[]> record(
            Topics topics, String source, String key, long timestamp, String value) {
        return new ProducerRecord<>(
                topics.in(),
                0,
                timestamp,
                key.getBytes(UTF_8),
                value.getBytes(UTF_8),
                List.of(new RecordHeader("source", source.getBytes(UTF_8))));
    }

    private static List<String> values(Topics topics, String topic, int atLeast) {
        return topics.kafka().readCommitted(topic, atLeast, PATIENCE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private static void awaitHandled(Topics topics, long records) {
        Awaitility.await()
                .dontCatchUncaughtExceptions()
                .atMost(PATIENCE)
                .until(() -> topics.kafka().committedOffsets(topics.application(), topics.in()).values().stream()
                                .mapToLong(OffsetAndMetadata::offset)
                                .sum()
                        >= records);
    }

    /** Begun again with its state, and then with another directory, in which it has to restore it. */
    private void surviving(Topics topics, Kind kind, CrashPoint point, Runnable check) {
        for (int death = 0; death < 2; death++) {
            try (JavaProcess doomed = OrderApp.start(topics, kind, directory.resolve("first"), point, HEAP)) {
                assertThat(doomed.awaitExit(PATIENCE)).as(doomed.output()).isEqualTo(FaultInjection.HALTED);
            }
        }
        try (JavaProcess successor =
                OrderApp.start(topics, kind, directory.resolve("second"), CrashPoint.NEVER, HEAP)) {
            awaitHandled(topics, RECORDS);
            assertThat(successor.isAlive()).as(successor.output()).isTrue();
            check.run();
        }
    }

    private record Event(long time, String id) {}

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NEVER")
    @DisplayName(
            "sorter 27: killed at any step, each record goes out once, in the stable order of event times, and late ones stay late")
    void theSorter(CrashPoint point, TestKafka kafka) {
        Topics topics = Topics.of(kafka);
        var random = new Random(27);
        long begin = System.currentTimeMillis() - Duration.ofDays(2).toMillis();
        long[] clocks = {begin, begin};
        long[] marks = {Long.MIN_VALUE, Long.MIN_VALUE};
        long watermark = Long.MIN_VALUE;
        var taken = new ArrayList<Event>();
        var late = new ArrayList<String>();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < RECORDS; i++) {
            int source = random.nextInt(2);
            clocks[source] += random.nextInt(20);
            long time = clocks[source]
                    - random.nextInt((int) OrderApp.DISORDER.toMillis())
                    - (random.nextInt(50) == 0 ? 5_000 : 0);
            var event = new Event(time, "event " + i);
            records.add(record(topics, source == 0 ? "a" : "b", "key " + i % 7, time, event.id()));
            if (time < watermark) {
                late.add(event.id());
            } else {
                taken.add(event);
            }
            marks[source] = Math.max(marks[source], time - OrderApp.DISORDER.toMillis());
            watermark = Math.max(watermark, Math.min(marks[0], marks[1]));
        }
        kafka.send(records);
        long last = watermark;
        List<String> expected = taken.stream()
                .filter(event -> event.time() < last)
                .sorted(Comparator.comparingLong(Event::time))
                .map(Event::id)
                .toList();
        assertThat(late).as("late records to be expected").isNotEmpty();
        surviving(topics, Kind.SORT, point, () -> {
            assertThat(values(topics, topics.ordered(), expected.size())).isEqualTo(expected);
            assertThat(values(topics, topics.other(), late.size())).isEqualTo(late);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"BETWEEN_SEND_AND_OFFSETS", "AFTER_COMMIT"})
    @DisplayName("resequencer 32: killed, each record goes out once, by key in the order of the numbers")
    void theResequencer(CrashPoint point, TestKafka kafka) {
        Topics topics = Topics.of(kafka);
        var random = new Random(32);
        var ordered = new ArrayList<String>();
        var duplicates = new ArrayList<String>();
        Map<String, Long> next = new HashMap<>();
        Map<String, TreeSet<Long>> waiting = new HashMap<>();
        Map<String, Long> clocks = new HashMap<>();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < RECORDS; i++) {
            String key = "k" + random.nextInt(6);
            long number = Math.max(0, clocks.merge(key, 1L, Long::sum) + random.nextInt(5) - 3);
            records.add(record(topics, "a", key, System.currentTimeMillis(), Long.toString(number)));
            TreeSet<Long> early = waiting.computeIfAbsent(key, none -> new TreeSet<>());
            long expected = next.getOrDefault(key, 0L);
            if (number < expected || !early.add(number)) {
                duplicates.add(key + " " + number);
            } else {
                if (early.size() > OrderApp.MOST_WAITING && early.first() > expected) {
                    expected = early.first();
                }
                for (; early.remove(expected); expected++) {
                    ordered.add(key + " " + expected);
                }
            }
            next.put(key, expected);
        }
        kafka.send(records);
        assertThat(duplicates).as("duplicates to be expected").isNotEmpty();
        surviving(topics, Kind.SEQUENCE, point, () -> {
            assertThat(keysAndValues(topics, topics.ordered(), ordered.size())).isEqualTo(ordered);
            assertThat(keysAndValues(topics, topics.other(), duplicates.size())).isEqualTo(duplicates);
        });
    }

    private static List<String> keysAndValues(Topics topics, String topic, int atLeast) {
        return topics.kafka().readCommitted(topic, atLeast, PATIENCE).stream()
                .map(record -> new String(record.key(), UTF_8) + " " + new String(record.value(), UTF_8))
                .toList();
    }

    @Test
    @DisplayName(
            "resequencer 33: a gap that was open when the process was killed ends by time in the next, from the changelog alone")
    void aGapEndsAfterAKill(TestKafka kafka) {
        Topics topics = Topics.of(kafka);
        kafka.send(List.of(record(topics, "a", "k", System.currentTimeMillis(), "1")));
        try (JavaProcess first =
                OrderApp.start(topics, Kind.SEQUENCE_BY_TIME, directory.resolve("first"), CrashPoint.NEVER, HEAP)) {
            awaitHandled(topics, 1);
            first.kill();
        }
        try (JavaProcess second =
                OrderApp.start(topics, Kind.SEQUENCE_BY_TIME, directory.resolve("second"), CrashPoint.NEVER, HEAP)) {
            assertThat(keysAndValues(topics, topics.ordered(), 1))
                    .as(second.output())
                    .containsExactly("k 1");
        }
    }
}
