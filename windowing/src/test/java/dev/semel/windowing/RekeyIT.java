package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Changed keys through a repartition topic of several partitions, on a broker. */
@KafkaTest
class RekeyIT {

    private static final Map<String, String> FOR_EVER = Map.of("retention.ms", "-1");
    private static final int UPSTREAM = 3;
    private static final long SIZE = 1_000;

    @TempDir
    private Path directory;

    static Stream<Arguments> counts() {
        return Stream.of(StateWriting.values())
                .flatMap(writing ->
                        Stream.of(Arguments.of(writing, 0), Arguments.of(writing, 2), Arguments.of(writing, 5)));
    }

    /**
     * All records have one of two new keys, so that most partitions behind the repartitioning get no data, and close nothing unless
     * markers come. Stopped in the middle and begun again without its state.
     */
    @ParameterizedTest
    @MethodSource("counts")
    @DisplayName("case 38: markers reach partitions that get no data, whatever the number of partitions")
    void markersReachAllPartitions(StateWriting writing, int behind, TestKafka kafka) {
        String in = kafka.topic("in", UPSTREAM, FOR_EVER);
        String out = kafka.topic("out", 1, FOR_EVER);
        String late = kafka.topic("late", 1, FOR_EVER);
        String application = kafka.group("rekeying");
        Topology topology = topology(in, out, late, writing, behind);
        long begin = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
        begin -= begin % SIZE;
        var expected = new TreeMap<String, Integer>();

        send(kafka, in, begin, 0, 15, expected);
        run(kafka, topology, application, "first", out, 4);
        send(kafka, in, begin, 15, 30, expected);
        // One event a partition that closes all that is before it.
        for (int partition = 0; partition < UPSTREAM; partition++) {
            kafka.send(List.of(record(in, partition, begin + 100 * SIZE, "end")));
        }
        List<String> finals = expected.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        run(kafka, topology, application, "second", out, finals.size());

        assertThat(read(kafka, out, finals.size())).isEqualTo(finals);
        assertThat(kafka.readCommitted(late, 0, Duration.ofSeconds(10))).isEmpty();
    }

    private static void send(TestKafka kafka, String in, long begin, int from, int to, Map<String, Integer> expected) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = from; i < to; i++) {
            for (int partition = 0; partition < UPSTREAM; partition++) {
                long timestamp = begin + i * 200L + partition;
                String value = i % 2 == 0 ? "even" : "odd";
                long start = timestamp - timestamp % SIZE;
                records.add(record(in, partition, timestamp, value));
                expected.merge(value + "[" + start + ", " + (start + SIZE) + ")", 1, Integer::sum);
            }
        }
        kafka.send(records);
    }

    private static ProducerRecord<byte[], byte[]> record(String in, int partition, long timestamp, String value) {
        return new ProducerRecord<>(in, partition, timestamp, null, value.getBytes(UTF_8));
    }

    private static Topology topology(String in, String out, String late, StateWriting writing, int behind) {
        var builder = new StreamsBuilder();
        var windows = EventTimeWindows.of(
                        builder.stream(in, Consumed.with(Serdes.String(), Serdes.String())),
                        Grouped.with("rekeyed", Serdes.String(), Serdes.String()))
                .watermarks(
                        WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO).withTicks(Duration.ofMillis(100)))
                .tumbling(Duration.ofMillis(SIZE));
        if (writing == StateWriting.BACK) {
            windows.writeBeforeCommit();
        }
        var rekeyed = behind == 0
                ? windows.rekey((key, value) -> value, Serdes.String())
                : windows.rekey((key, value) -> value, Serdes.String(), UPSTREAM, behind);
        var counts = rekeyed.count();
        counts.results()
                .map((window, count) -> KeyValue.pair(
                        window.key(),
                        window.key() + "[" + window.window().start() + ", "
                                + window.window().end() + ")=" + count))
                .to(out, Produced.with(Serdes.String(), Serdes.String()));
        counts.late().to(late, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private void run(TestKafka kafka, Topology topology, String application, String state, String out, int until) {
        var config = WindowingApp.config(kafka.bootstrapServers(), application, directory.resolve(state));
        try (var streams = new KafkaStreams(topology, config)) {
            streams.start();
            kafka.readCommitted(out, until, Readings.PATIENCE);
        }
    }

    private static List<String> read(TestKafka kafka, String topic, int atLeast) {
        return kafka.readCommitted(topic, atLeast, Readings.PATIENCE).stream()
                .map(record -> new String(record.value(), UTF_8))
                .sorted()
                .toList();
    }
}
