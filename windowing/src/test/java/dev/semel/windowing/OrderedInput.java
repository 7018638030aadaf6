package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.OrderApp.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Records in another order than they are to have, what has to go out of them, and what has not: a model that shares no code with the
 * engines.
 *
 * @param records in the order of the topic
 * @param ordered what goes out, as {@code key value}
 * @param other what is late, or a duplicate
 */
record OrderedInput(List<ProducerRecord<byte[], byte[]>> records, List<String> ordered, List<String> other) {

    private record Event(long time, String id) {}

    static ProducerRecord<byte[], byte[]> record(
            Topics topics, String source, String key, long timestamp, String value) {
        return new ProducerRecord<>(
                topics.in(),
                0,
                timestamp,
                key.getBytes(UTF_8),
                value.getBytes(UTF_8),
                List.of(new RecordHeader("source", source.getBytes(UTF_8))));
    }

    /** Of two sources whose clocks differ, some too late. */
    static OrderedInput toSort(Topics topics, long seed, int count) {
        var random = new Random(seed);
        long begin = System.currentTimeMillis() - Duration.ofDays(2).toMillis();
        long[] clocks = {begin, begin};
        long[] marks = {Long.MIN_VALUE, Long.MIN_VALUE};
        long watermark = Long.MIN_VALUE;
        var taken = new ArrayList<Event>();
        var late = new ArrayList<String>();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < count; i++) {
            int source = random.nextInt(2);
            clocks[source] += random.nextInt(20);
            long time = clocks[source]
                    - random.nextInt((int) OrderApp.DISORDER.toMillis())
                    - (random.nextInt(50) == 0 ? 5_000 : 0);
            String key = "key " + i % 7;
            var event = new Event(time, key + " event " + i);
            records.add(record(topics, source == 0 ? "a" : "b", key, time, "event " + i));
            if (time < watermark) {
                late.add(event.id());
            } else {
                taken.add(event);
            }
            marks[source] = Math.max(marks[source], time - OrderApp.DISORDER.toMillis());
            watermark = Math.max(watermark, Math.min(marks[0], marks[1]));
        }
        long last = watermark;
        List<String> expected = taken.stream()
                .filter(event -> event.time() < last)
                .sorted(Comparator.comparingLong(Event::time))
                .map(Event::id)
                .toList();
        assertThat(late).as("late records to be expected").isNotEmpty();
        return new OrderedInput(records, expected, late);
    }

    /** Of a few keys, some twice. */
    static OrderedInput toSequence(Topics topics, long seed, int count) {
        var random = new Random(seed);
        var ordered = new ArrayList<String>();
        var duplicates = new ArrayList<String>();
        Map<String, Long> next = new HashMap<>();
        Map<String, TreeSet<Long>> waiting = new HashMap<>();
        Map<String, Long> clocks = new HashMap<>();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < count; i++) {
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
        assertThat(duplicates).as("duplicates to be expected").isNotEmpty();
        return new OrderedInput(records, ordered, duplicates);
    }
}
