package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.internal.streams.StateWriting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows put into an application that has been running, and one window with more keys than close in one turn. */
@KafkaTest
class InsertedIT {

    private static final Map<String, String> FOR_EVER = Map.of("retention.ms", "-1");
    private static final int KEYS = 5_000;

    @TempDir
    private Path directory;

    /** Its store has a name that Kafka Streams numbers, and is restored from a changelog that was named before. */
    private static Topology existing(
            String in, String counts, String results, boolean isInserted, StateWriting writing) {
        var builder = new StreamsBuilder();
        var events = builder.stream(in, Consumed.with(Serdes.String(), Serdes.String()));
        var windows = EventTimeWindows.of(events, Grouped.with("inserted", Serdes.String(), Serdes.String()))
                .tumbling(Duration.ofSeconds(1))
                .resultsPerCall(100);
        if (writing == StateWriting.BACK) {
            windows.writeBeforeCommit();
        }
        var inserted = isInserted ? windows.count() : null;
        events.groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
                .count()
                .toStream()
                .mapValues(String::valueOf)
                .to(counts, Produced.with(Serdes.String(), Serdes.String()));
        if (inserted != null) {
            // Behind all that was there: what follows takes numbers.
            inserted.results()
                    .map((window, count) -> KeyValue.pair(window.key(), count.toString()))
                    .to(results, Produced.with(Serdes.String(), Serdes.String()));
        }
        return builder.build();
    }

    @ParameterizedTest
    @EnumSource(StateWriting.class)
    @DisplayName("windows in an application that was there before: its counts go on, and a window closes in slices")
    void anExistingApplication(StateWriting writing, TestKafka kafka) {
        String in = kafka.topic("in", 1, FOR_EVER);
        String counts = kafka.topic("counts", 1, FOR_EVER);
        String results = kafka.topic("results", 1, FOR_EVER);
        String application = kafka.group("existing");
        long begin = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
        begin -= begin % 1_000;

        kafka.send(List.of(record(in, begin, "key-1"), record(in, begin, "key-1")));
        run(kafka, existing(in, counts, results, false, writing), application, "first", counts, 1);

        long start = begin + 10_000;
        kafka.send(IntStream.range(0, KEYS)
                .mapToObj(key -> record(in, start, "key-" + key))
                .toList());
        kafka.send(List.of(record(in, start + 60_000, "end")));
        run(kafka, existing(in, counts, results, true, writing), application, "second", results, KEYS / 2);
        // Stopped between two slices, and begun again without its state.
        run(kafka, existing(in, counts, results, true, writing), application, "third", results, KEYS);

        assertThat(kafka.readCommitted(results, KEYS, Readings.PATIENCE))
                .hasSize(KEYS)
                .extracting(InsertedIT::key)
                .doesNotHaveDuplicates();
        Awaitility.await()
                .atMost(Readings.PATIENCE)
                .untilAsserted(() -> assertThat(kafka.readCommitted(counts, KEYS, Readings.PATIENCE).stream()
                                .filter(record -> key(record).equals("key-1"))
                                .map(record -> new String(record.value(), UTF_8)))
                        .as("two before, one after")
                        .endsWith("3"));
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), UTF_8);
    }

    private static ProducerRecord<byte[], byte[]> record(String in, long timestamp, String key) {
        return new ProducerRecord<>(in, 0, timestamp, key.getBytes(UTF_8), "v".getBytes(UTF_8));
    }

    private void run(TestKafka kafka, Topology topology, String application, String state, String out, int until) {
        var config = WindowingApp.config(kafka.bootstrapServers(), application, directory.resolve(state));
        try (var streams = new KafkaStreams(topology, config)) {
            streams.start();
            kafka.readCommitted(out, until, Readings.PATIENCE);
        }
    }
}
