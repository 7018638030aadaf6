package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.state.IncompatibleStateException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@KafkaTest
class QueriesIT {

    private static final Duration SIZE = Duration.ofMinutes(1);
    private static final Duration GAP = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    /** One whose bytes may depend on the topic, as with a registry of schemas. */
    private static Serde<String> telling(Set<String> topics) {
        return Serdes.serdeFrom(
                (topic, text) -> {
                    topics.add(topic);
                    return text.getBytes(UTF_8);
                },
                (topic, bytes) -> {
                    topics.add(topic);
                    return new String(bytes, UTF_8);
                });
    }

    @Test
    void serdesAreToldTheTopicThatTheTaskTellsThemAndOtherWindowsAreRefused(TestKafka kafka) {
        String input = kafka.topic("input", 1, Map.of("retention.ms", "-1"));
        String application = kafka.group("queries");
        Set<String> told = ConcurrentHashMap.newKeySet();
        Set<String> asked = ConcurrentHashMap.newKeySet();
        var builder = new StreamsBuilder();
        var events = builder.stream(input, Consumed.with(Serdes.String(), Serdes.String()));
        EventTimeWindows.of(events, Grouped.with("minutes", telling(told), Serdes.String()))
                .tumbling(SIZE)
                .count();
        EventTimeWindows.of(events, Grouped.with("visits", telling(told), Serdes.String()))
                .sessions(GAP)
                .count();
        kafka.send(List.of(new ProducerRecord<>(input, 0, 5_000L, "k".getBytes(UTF_8), "v".getBytes(UTF_8))));
        var config = WindowingApp.config(kafka.bootstrapServers(), application, directory);
        try (var streams = new KafkaStreams(builder.build(), config)) {
            streams.start();
            var minutes = new WindowQueries<>(streams, "minutes", SIZE, telling(asked), Serdes.Long());
            var visits = new SessionQueries<>(streams, "visits", GAP, telling(asked), Serdes.Long());
            Awaitility.await().atMost(Readings.PATIENCE).ignoreExceptions().untilAsserted(() -> {
                assertThat(minutes.ofKey("k")).hasSize(1).isEqualTo(minutes.all(10));
                assertThat(visits.ofKey("k")).hasSize(1).isEqualTo(visits.all(10));
            });
            assertThat(asked)
                    .isEqualTo(told)
                    .containsExactlyInAnyOrder(
                            application + "-minutes-windows-changelog", application + "-visits-windows-changelog");

            refused(() -> new WindowQueries<>(streams, "visits", SIZE, Serdes.String(), Serdes.Long()).all(10));
            refused(() -> new WindowQueries<>(streams, "visits", SIZE, Serdes.String(), Serdes.Long()).ofKey("k"));
            refused(() -> new SessionQueries<>(streams, "minutes", GAP, Serdes.String(), Serdes.Long()).all(10));
            refused(() -> new SessionQueries<>(streams, "minutes", GAP, Serdes.String(), Serdes.Long()).ofKey("k"));
            Duration longer = SIZE.plusSeconds(1);
            refused(() -> new WindowQueries<>(streams, "minutes", longer, Serdes.String(), Serdes.Long()).progress());
        }
    }

    private static void refused(Runnable query) {
        assertThatExceptionOfType(IncompatibleStateException.class)
                .isThrownBy(query::run)
                .withMessageContaining("is asked for");
    }
}
