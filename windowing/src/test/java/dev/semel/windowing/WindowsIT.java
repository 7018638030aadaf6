package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.engine.StoredProgress;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What needs a broker and no dead process: aborts, standbys, queries, lag. */
@KafkaTest
class WindowsIT {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(StateWriting.class)
    @DisplayName("case 40: transactions that are aborted leave nothing behind, in several threads")
    void aborts(StateWriting writing, TestKafka kafka) {
        var readings = new Readings(kafka, 40);
        readings.send(2_000);
        var aborted = new AtomicInteger();
        KafkaClientSupplier failing = WindowingApp.faulty(producer -> {
            var fault = FaultInjection.throwing(
                    Step.COMMIT, Moment.BEFORE, 3, () -> new KafkaException("aborted by the test"));
            return (step, moment, occurrence) -> {
                if (step == Step.COMMIT && moment == Moment.BEFORE && occurrence == 3 && aborted.get() < 4) {
                    aborted.incrementAndGet();
                    fault.at(step, moment, occurrence);
                }
            };
        });
        Properties config = WindowingApp.config(readings, directory.resolve("state"));
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
        try (var streams = new KafkaStreams(WindowingApp.topology(readings, writing), config, failing)) {
            streams.setUncaughtExceptionHandler(error -> StreamThreadExceptionResponse.REPLACE_THREAD);
            streams.start();
            readings.awaitHandled();
            WindowsCrashIT.assertFinals(readings);
        }
        assertThat(aborted).hasPositiveValue();
    }

    @ParameterizedTest
    @EnumSource(StateWriting.class)
    @DisplayName("a standby answers queries as the active task does, and goes on in its place")
    void standbys(StateWriting writing, TestKafka kafka) {
        var readings = new Readings(kafka, 50);
        readings.send(1_500);
        Topology topology = WindowingApp.topology(readings, writing);
        var one = new KafkaStreams(topology, withStandby(readings, "one"));
        try (var other = new KafkaStreams(topology, withStandby(readings, "other"))) {
            one.start();
            other.start();
            readings.awaitHandled();
            // Each instance has both partitions, one way or the other.
            Awaitility.await().atMost(Readings.PATIENCE).ignoreExceptions().untilAsserted(() -> {
                var here = queries(one).progress();
                assertThat(here).hasSize(Readings.PARTITIONS);
                assertThat(queries(other).progress()).isEqualTo(here);
                assertThat(here.values()).allMatch(progress -> progress.watermark() > 0);
                assertThat(queries(other).all(1_000))
                        .isNotEmpty()
                        .containsExactlyInAnyOrderElementsOf(queries(one).all(1_000));
                String key = queries(one).all(1).get(0).key();
                assertThat(queries(other).ofKey(key))
                        .isNotEmpty()
                        .isEqualTo(queries(one).ofKey(key));
            });
            one.close(Duration.ofSeconds(20));
            readings.send(1_500);
            readings.awaitHandled();
            WindowsCrashIT.assertFinals(readings);
        } finally {
            one.close(Duration.ofSeconds(20));
        }
    }

    private static WindowQueries<String, Long> queries(KafkaStreams streams) {
        return new WindowQueries<>(streams, "minutes", Readings.SIZE, Serdes.String(), Serdes.Long());
    }

    private Properties withStandby(Readings readings, String state) {
        Properties config = WindowingApp.config(readings, directory.resolve(state));
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
        return config;
    }

    /** The lag is that of the consumer, by its metrics reporter. */
    @Test
    @DisplayName("case 31: a partition without any record and without lag is idle after the timeout")
    void aPartitionWithoutRecords(TestKafka kafka) {
        String full = kafka.topic("full", 1, Map.of("retention.ms", "-1"));
        String empty = kafka.topic("empty", 1, Map.of("retention.ms", "-1"));
        String results = kafka.topic("results", 1, Map.of("retention.ms", "-1"));
        String application = kafka.group("idle");
        var builder = new StreamsBuilder();
        EventTimeWindows.of(
                        builder.stream(List.of(full, empty), Consumed.with(Serdes.String(), Serdes.String())),
                        Grouped.with("idle", Serdes.String(), Serdes.String()))
                .tumbling(Duration.ofSeconds(1))
                .sources(SourceExtractor.partition(full, empty))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO)
                        .withTicks(Duration.ofMillis(200))
                        .withIdleness(Duration.ofSeconds(2))
                        .withFlushWhenAllIdle())
                .count()
                .results()
                .map((window, count) -> KeyValue.pair(window.key(), count.toString()))
                .to(results, Produced.with(Serdes.String(), Serdes.String()));
        long begin = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
        kafka.send(List.of(
                new ProducerRecord<>(full, 0, begin, "k".getBytes(UTF_8), "v".getBytes(UTF_8)),
                new ProducerRecord<>(full, 0, begin + 10_000, "k".getBytes(UTF_8), "v".getBytes(UTF_8))));
        var config = WindowingApp.config(kafka.bootstrapServers(), application, directory);
        try (var streams = new KafkaStreams(builder.build(), config)) {
            streams.start();
            assertThat(kafka.readCommitted(results, 1, Readings.PATIENCE))
                    .extracting(record -> new String(record.value(), UTF_8))
                    .containsExactly("1");
            Map<Integer, StoredProgress> progress = new WindowQueries<>(
                            streams, "idle", Duration.ofSeconds(1), Serdes.String(), Serdes.Long())
                    .progress();
            assertThat(progress.get(0).watermark()).isEqualTo(begin + 10_000);
        }
    }
}
