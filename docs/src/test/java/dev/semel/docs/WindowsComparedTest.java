package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.EventTimeWindows;
import dev.semel.windowing.SourceExtractor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/windows.md says of the windows of Kafka Streams itself: whoever changes its release reads here what is still true. */
class WindowsComparedTest {

    private static final Duration SIZE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    /** One event each 200 s, 50 of them. */
    private int finals(boolean isOurs, String cacheBytes) {
        var builder = new StreamsBuilder();
        KStream<String, String> events = builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        KStream<Windowed<String>, Long> finals = isOurs
                ? EventTimeWindows.of(events, Grouped.with("counts", Serdes.String(), Serdes.String()))
                        .tumbling(SIZE)
                        .allowedLateness(GRACE)
                        .count()
                        .results()
                : events.groupByKey()
                        .windowedBy(TimeWindows.ofSizeAndGrace(SIZE, GRACE))
                        .emitStrategy(EmitStrategy.onWindowClose())
                        .count()
                        .toStream();
        finals.to(
                "finals",
                Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, SIZE.toMillis()), Serdes.Long()));
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "compared");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put("statestore.cache.max.bytes", cacheBytes);
        try (var driver = new TopologyTestDriver(builder.build(), config)) {
            var input = driver.createInputTopic("events", new StringSerializer(), new StringSerializer());
            for (int i = 0; i < 50; i++) {
                input.pipeInput("k", "v", Instant.ofEpochSecond(200L * i));
            }
            return driver.createOutputTopic("finals", new StringDeserializer(), new LongDeserializer())
                    .readValuesToList()
                    .size();
        }
    }

    @Test
    void emitOnCloseLosesResultsWithoutACache() {
        assertThat(finals(false, "0")).isZero();
        assertThat(finals(true, "0")).isEqualTo(49);
    }

    /** The incident's clocks: C is the slowest, and its event 02:15:50 belongs to a window that its own clock has not left. */
    @Test
    void theFastestRecordDropsWhatASlowerSourceSends() {
        assertThat(counted(false)).doesNotContain("C");
        assertThat(counted(true)).contains("C");
    }

    /** The keys of results, when all three have gone on for an hour. */
    private List<String> counted(boolean isOurs) {
        var builder = new StreamsBuilder();
        KStream<String, String> events = builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        KStream<Windowed<String>, Long> counts = isOurs
                ? EventTimeWindows.of(events, Grouped.with("counts", Serdes.String(), Serdes.String()))
                        .tumbling(SIZE)
                        .sources(SourceExtractor.value((key, value) -> key))
                        .declare("A", "B", "C")
                        .count()
                        .results()
                : events.groupByKey()
                        .windowedBy(TimeWindows.ofSizeWithNoGrace(SIZE))
                        .count()
                        .toStream();
        counts.map((window, count) ->
                        KeyValue.pair(window.key() + "@" + window.window().startTime(), count))
                .to("counts", Produced.with(Serdes.String(), Serdes.Long()));
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "compared");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        try (var driver = new TopologyTestDriver(builder.build(), config)) {
            var input = driver.createInputTopic("events", new StringSerializer(), new StringSerializer());
            input.pipeInput("A", "v", Instant.parse("2024-01-18T02:20:00Z"));
            input.pipeInput("B", "v", Instant.parse("2024-01-18T02:22:00Z"));
            input.pipeInput("C", "v", Instant.parse("2024-01-18T02:15:50Z"));
            for (String source : List.of("A", "B", "C")) {
                input.pipeInput(source, "v", Instant.parse("2024-01-18T03:22:00Z"));
            }
            return driver
                    .createOutputTopic("counts", new StringDeserializer(), new LongDeserializer())
                    .readKeyValuesToList()
                    .stream()
                    .filter(count -> count.key.endsWith("T02:15:00Z"))
                    .map(count -> count.key.substring(0, 1))
                    .toList();
        }
    }
}
