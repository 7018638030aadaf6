package dev.semel.idempotency.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** A topology with a deduplication, run without a broker: {@code payments} in, {@code passed} and {@code duplicates} out. */
final class DeduplicationDriver implements AutoCloseable {

    static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    static final Duration RETENTION = Duration.ofHours(1);

    private final TopologyTestDriver driver;
    private final TestInputTopic<String, String> payments;
    private final TestOutputTopic<String, String> passed;
    private final TestOutputTopic<String, String> duplicates;
    private Instant now = START;

    private DeduplicationDriver(Topology topology, Properties config) {
        driver = new TopologyTestDriver(topology, config, START);
        payments = driver.createInputTopic("payments", new StringSerializer(), new StringSerializer());
        passed = driver.createOutputTopic("passed", new StringDeserializer(), new StringDeserializer());
        duplicates = driver.createOutputTopic("duplicates", new StringDeserializer(), new StringDeserializer());
    }

    static Properties exactlyOnce() {
        return config(StreamsConfig.EXACTLY_ONCE_V2);
    }

    static Properties config(String guarantee) {
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "shop");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        return config;
    }

    /** One for each driver; the driver deletes what is in it when it is closed. */
    private static String stateDirectory() {
        try {
            Path directory = Files.createTempDirectory("semel-deduplicate-");
            directory.toFile().deleteOnExit();
            return directory.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for state", e);
        }
    }

    /** By the value, retained for an hour. */
    static Deduplicate<String, String> byValue() {
        return Deduplicate.<String, String>by(record -> record.value())
                .named("once")
                .retaining(RETENTION);
    }

    /** Duplicates go to a branch. */
    static DeduplicationDriver splitting(Deduplicate<String, String> deduplicate) {
        var builder = new StreamsBuilder();
        Deduplicated<String, String> split = deduplicate.split(builder.stream("payments"));
        split.passed().to("passed");
        split.duplicates().to("duplicates");
        return new DeduplicationDriver(builder.build(), exactlyOnce());
    }

    /** Duplicates are dropped. */
    static DeduplicationDriver dropping(UnaryOperator<KStream<String, String>> inserted) {
        return dropping(inserted, exactlyOnce());
    }

    static DeduplicationDriver dropping(UnaryOperator<KStream<String, String>> inserted, Properties config) {
        var builder = new StreamsBuilder();
        inserted.apply(builder.stream("payments")).to("passed");
        return new DeduplicationDriver(builder.build(), config);
    }

    static DeduplicationDriver of(Topology topology) {
        return new DeduplicationDriver(topology, exactlyOnce());
    }

    /** Sends a value with the wall clock's time as its timestamp. */
    void send(@Nullable String value) {
        sendAt(now, value);
    }

    void sendAt(Instant timestamp, @Nullable String value) {
        payments.pipeInput(new TestRecord<>("key", value, new RecordHeaders(), timestamp));
    }

    /** Sends a value with headers, {@code name, text} in turn. */
    void sendWithHeaders(String value, String... headers) {
        Headers all = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1].getBytes(UTF_8));
        }
        payments.pipeInput(new TestRecord<>("key", value, all, now));
    }

    void advanceWallClock(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    /** What passed since last asked. */
    List<String> passed() {
        return passed.readValuesToList();
    }

    List<TestRecord<String, String>> passedRecords() {
        return passed.readRecordsToList();
    }

    /** What was routed as a duplicate since last asked. */
    List<String> duplicates() {
        return duplicates.readValuesToList();
    }

    KeyValueStore<Bytes, byte[]> marks() {
        return driver.getKeyValueStore("once-marks");
    }

    TopologyTestDriver driver() {
        return driver;
    }

    double metric(DeduplicateMetric metric) {
        var values = driver.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(DeduplicateMetric.GROUP))
                .filter(entry -> entry.getKey().name().equals(metric.metricName()))
                .filter(entry -> "once".equals(entry.getKey().tags().get("deduplicate-id")))
                .map(entry -> (double) entry.getValue().metricValue())
                .toList();
        if (values.size() != 1) {
            throw new AssertionError("metric " + metric.metricName() + " is there " + values.size() + " times");
        }
        return values.get(0);
    }

    @Override
    public void close() {
        driver.close();
    }
}
