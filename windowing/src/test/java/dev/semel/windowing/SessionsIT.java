package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.engine.Emission;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
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

/** Sessions that need a broker: standbys and queries. */
@KafkaTest
class SessionsIT {

    private static final Duration GAP = Duration.ofMillis(150);

    @TempDir
    private Path directory;

    private static Topology topology(Readings readings) {
        var builder = new StreamsBuilder();
        WindowedStreams<String, String, Long> sessions = sessions(builder, readings, Emission.onClose());
        sessions.results()
                .map((session, count) -> KeyValue.pair(session.key(), count))
                .to(readings.results, Produced.with(Serdes.String(), Serdes.Long()));
        sessions.late().to(readings.late, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    /** Results as {@code [key@first/last]=count}. */
    private static Topology inPanes(Readings readings, String results) {
        var builder = new StreamsBuilder();
        sessions(builder, readings, Emission.inPanes())
                .results()
                .map((session, count) -> KeyValue.pair(session.key(), session + "=" + count))
                .to(results, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static WindowedStreams<String, String, Long> sessions(
            StreamsBuilder builder, Readings readings, Emission emission) {
        return EventTimeWindows.of(
                        builder.stream(readings.readings, Consumed.with(Serdes.String(), Serdes.String())),
                        Grouped.with("visits", Serdes.String(), Serdes.String()))
                .sessions(GAP)
                .allowedLateness(Readings.LATENESS)
                .emission(emission)
                .count();
    }

    @Test
    @DisplayName("panes of sessions are the same whether transactions are aborted, or none is")
    void aborts(TestKafka kafka) {
        var readings = new Readings(kafka, 61);
        readings.send(2_000);
        try (var undisturbed = new KafkaStreams(
                inPanes(readings, readings.results), WindowingApp.config(readings, directory.resolve("undisturbed")))) {
            undisturbed.start();
            readings.awaitHandled();
        }
        List<String> expected = results(kafka, readings.results, 1);
        assertThat(expected).hasSizeGreaterThan(200);
        String results = kafka.topic("results-aborted", 1, Map.of("retention.ms", "-1"));
        String application = kafka.group("aborted");
        Properties config = WindowingApp.config(kafka.bootstrapServers(), application, directory.resolve("aborted"));
        var aborted = new AtomicInteger();
        KafkaClientSupplier failing = WindowingApp.faulty(producer -> (step, moment, occurrence) -> {
            if (step == Step.COMMIT && moment == Moment.BEFORE && occurrence == 3 && aborted.get() < 4) {
                aborted.incrementAndGet();
                throw new KafkaException("aborted by the test");
            }
        });
        try (var streams = new KafkaStreams(inPanes(readings, results), config, failing)) {
            streams.setUncaughtExceptionHandler(error -> StreamThreadExceptionResponse.REPLACE_THREAD);
            streams.start();
            assertThat(results(kafka, results, expected.size())).isEqualTo(expected);
        }
        assertThat(aborted).hasValue(4);
    }

    private static List<String> results(TestKafka kafka, String topic, int atLeast) {
        return kafka.readCommitted(topic, atLeast, Readings.PATIENCE).stream()
                .map(result -> new String(result.value(), UTF_8))
                .sorted()
                .toList();
    }

    @Test
    @DisplayName("a standby answers queries of open sessions as the active task does, and goes on in its place")
    void standbys(TestKafka kafka) {
        var readings = new Readings(kafka, 60);
        readings.send(1_500);
        Topology topology = topology(readings);
        var one = new KafkaStreams(topology, withStandby(readings, "one"));
        try (var other = new KafkaStreams(topology, withStandby(readings, "other"))) {
            one.start();
            other.start();
            readings.awaitHandled();
            // Each instance has both partitions, one way or the other.
            Awaitility.await().atMost(Readings.PATIENCE).ignoreExceptions().untilAsserted(() -> {
                assertThat(queries(one).progress()).hasSize(Readings.PARTITIONS);
                assertThat(queries(other).progress()).isEqualTo(queries(one).progress());
                assertThat(queries(other).all(1_000))
                        .isNotEmpty()
                        .containsExactlyInAnyOrderElementsOf(queries(one).all(1_000));
                var first = queries(one).all(1).get(0);
                assertThat(first.window().end() - first.timestamp()).isEqualTo(GAP.toMillis());
                assertThat(queries(other).ofKey(first.key()))
                        .contains(first)
                        .isEqualTo(queries(one).ofKey(first.key()));
            });
            one.close(Duration.ofSeconds(20));
            readings.send(1_500);
            readings.awaitHandled();
            long late = kafka.readCommitted(readings.late, 1, Readings.PATIENCE).size();
            // What is in sessions that are closed, what is in open ones and what was late is all that was sent.
            Awaitility.await()
                    .atMost(Readings.PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(closed(kafka, readings) + open(other) + late)
                            .isEqualTo(readings.sent()));
        } finally {
            one.close(Duration.ofSeconds(20));
        }
    }

    private static long closed(TestKafka kafka, Readings readings) {
        return kafka.readCommitted(readings.results, 1, Readings.PATIENCE).stream()
                .mapToLong(count -> ByteBuffer.wrap(count.value()).getLong())
                .sum();
    }

    private static long open(KafkaStreams streams) {
        return queries(streams).all(10_000).stream()
                .mapToLong(OpenResult::records)
                .sum();
    }

    private static SessionQueries<String, Long> queries(KafkaStreams streams) {
        return new SessionQueries<>(streams, "visits", GAP, Serdes.String(), Serdes.Long());
    }

    private Properties withStandby(Readings readings, String state) {
        Properties config = WindowingApp.config(readings, directory.resolve(state));
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
        return config;
    }
}
