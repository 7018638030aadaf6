package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.EventTimeWindows;
import dev.semel.windowing.LagReporter;
import dev.semel.windowing.OpenResult;
import dev.semel.windowing.SourceExtractor;
import dev.semel.windowing.WindowHeaders;
import dev.semel.windowing.WindowQueries;
import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.engine.StoredProgress;
import dev.semel.windowing.watermark.SourceReport;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/windows.md shows and says of a real cluster, under exactly-once. */
@KafkaTest(ownCluster = true)
class WindowsPageIT {

    @TempDir
    private Path directory;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private KafkaStreams start(TestKafka kafka, String application, Topology topology) {
        var settings = new Properties();
        settings.putAll(kafka.clientConfig());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        settings.put("auto.offset.reset", "earliest");
        // tag::windows-settings[]
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        LagReporter.addTo(settings); // without it nobody is ever idle
        // end::windows-settings[]
        var streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(exception -> {
            failure.set(exception);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        return streams;
    }

    private static void send(TestKafka kafka, String topic, String exchange, long quantity, long seconds) {
        Trade trade = Trade.of(quantity, seconds);
        byte[] value = Trade.serde().serializer().serialize(topic, trade);
        var record = new ProducerRecord<>(topic, 0, trade.time(), "ACME".getBytes(UTF_8), value);
        record.headers().add(Topics.header("ce_source", exchange));
        kafka.send(List.of(record));
    }

    private static long number(ConsumerRecord<byte[], byte[]> record) {
        return new LongDeserializer().deserialize(record.topic(), record.value());
    }

    @Test
    void volumesOfAMinute(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "trades", "volume-per-minute", "trades-late");
        var builder = new StreamsBuilder();
        Serde<Trade> tradeSerde = Trade.serde();
        // tag::windows[]
        KStream<String, Trade> trades = builder.stream("trades", Consumed.with(Serdes.String(), tradeSerde));
        var minutes = EventTimeWindows.of(trades, Grouped.with("volume", Serdes.String(), tradeSerde)) // needs a name
                .tumbling(Duration.ofMinutes(1))
                .sources(SourceExtractor.header("ce_source"))
                .declare("nyse", "lse")
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(10))
                        .withIdleness(Duration.ofMinutes(2)))
                .allowedLateness(Duration.ofSeconds(30))
                .aggregate(Aggregates.sum(Trade::quantity), Materialized.with(Serdes.String(), Serdes.Long()));
        minutes.results()
                .to(
                        "volume-per-minute",
                        Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, 60_000), Serdes.Long()));
        minutes.late().to("trades-late", Produced.with(Serdes.String(), tradeSerde));
        // end::windows[]
        try (var streams = start(kafka, "volumes", builder.build())) {
            send(kafka, "trades", "nyse", 100, 5);
            send(kafka, "trades", "nyse", 100, 300);
            send(kafka, "trades", "lse", 20, 30);
            send(kafka, "trades", "lse", 3, 25);
            send(kafka, "trades", "lse", 1, 100);
            send(kafka, "trades", "lse", 7, 59);
            assertThat(kafka.readCommitted("volume-per-minute", 1, Topics.DEADLINE))
                    .singleElement()
                    .satisfies(volume -> {
                        assertThat(number(volume)).isEqualTo(123);
                        assertThat(volume.timestamp()).isEqualTo(Trade.MINUTE + 30_000);
                    });
            assertThat(kafka.readCommitted("trades-late", 1, Topics.DEADLINE))
                    .singleElement()
                    .satisfies(late -> {
                        assertThat(Topics.header(late, WindowHeaders.LATE_SOURCE))
                                .isEqualTo("lse");
                        assertThat(Topics.header(late, WindowHeaders.LATE_WATERMARK))
                                .isEqualTo(Long.toString(Trade.MINUTE + 90_000));
                    });
            // tag::window-queries[]
            var queries = new WindowQueries<>(streams, "volume", Duration.ofMinutes(1), Serdes.String(), Serdes.Long());
            List<OpenResult<String, Long>> open = queries.ofKey("ACME"); // in the order of its windows
            Map<Integer, StoredProgress> progress = queries.progress(); // watermark and sources, by partition
            // end::window-queries[]
            assertThat(open).extracting(OpenResult::value).containsExactly(1L, 100L);
            assertThat(progress.get(0).watermark()).isEqualTo(Trade.MINUTE + 90_000);
            assertThat(progress.get(0).sources()).extracting(SourceReport::name).contains("nyse", "lse");
            assertThat(streams.metrics().keySet())
                    .filteredOn(metric -> metric.group().equals("semel-windowing"))
                    .isNotEmpty();
        }
        assertThat(failure).hasNullValue();
    }

    @Test
    void anOperatorThatIsEmbeddedLeavesOldStateAsItIs(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "counted-trades", "trade-counts", "counts", "late");
        send(kafka, "counted-trades", "nyse", 1, 5);
        send(kafka, "counted-trades", "nyse", 1, 10);
        var before = start(kafka, "counts", WindowsEmbeddedTest.counts("counted-trades", false));
        kafka.readCommitted("trade-counts", 1, Topics.DEADLINE);
        await().atMost(Topics.DEADLINE).until(() -> committed(kafka, "counts", "counted-trades") >= 2);
        before.close();
        send(kafka, "counted-trades", "nyse", 1, 15);
        send(kafka, "counted-trades", "nyse", 1, 65);
        try (var after = start(kafka, "counts", WindowsEmbeddedTest.counts("counted-trades", true))) {
            assertThat(number(kafka.readCommitted("counts", 1, Topics.DEADLINE).get(0)))
                    .as("windows begin with what comes after they were embedded")
                    .isEqualTo(1);
            await().atMost(Topics.DEADLINE)
                    .untilAsserted(() -> assertThat(kafka.readCommitted("trade-counts", 1, Topics.DEADLINE))
                            .last()
                            .satisfies(count -> assertThat(number(count)).isEqualTo(4)));
            assertThat(after.state().isRunningOrRebalancing()).isTrue();
        }
        assertThat(failure).hasNullValue();
    }

    @Test
    void anotherSizeRefusesTheOldState(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "sized-trades");
        send(kafka, "sized-trades", "nyse", 1, 5);
        var before = start(kafka, "sizes", minutes(1));
        await().atMost(Topics.DEADLINE).until(() -> committed(kafka, "sizes", "sized-trades") >= 1);
        before.close();
        try (var after = start(kafka, "sizes", minutes(2))) {
            await().atMost(Topics.DEADLINE).until(() -> failure.get() != null);
            assertThat(failure.get()).hasStackTraceContaining("the stored state is of tumbling windows of PT1M");
            await().atMost(Topics.DEADLINE).until(() -> after.state().hasCompletedShutdown());
        }
    }

    private static Topology minutes(long minutes) {
        var builder = new StreamsBuilder();
        EventTimeWindows.of(
                        builder.stream("sized-trades", Consumed.with(Serdes.String(), Trade.serde())),
                        Grouped.with("volume", Serdes.String(), Trade.serde()))
                .tumbling(Duration.ofMinutes(minutes))
                .count();
        return builder.build();
    }

    private static long committed(TestKafka kafka, String application, String topic) {
        return kafka.committedOffsets(application, topic).values().stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }
}
