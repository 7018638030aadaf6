package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.windowing.engine.Accounts;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.internal.streams.StateWriting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.Header;
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
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** Windows in a topology without a broker: {@code events} in; {@code results}, as {@code key[start, end)=value}, and {@code late} out. */
final class WindowsDriver implements AutoCloseable {

    /** Later than any event of these tests. */
    static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

    static final String SOURCE = "source";

    private final TopologyTestDriver driver;
    private final TestInputTopic<String, String> events;
    private final TestOutputTopic<String, String> results;
    private final TestOutputTopic<String, String> late;

    private final AtomicReference<@Nullable WindowReport> reports;

    private WindowsDriver(Topology topology, Properties config, AtomicReference<@Nullable WindowReport> reports) {
        this.reports = reports;
        driver = new TopologyTestDriver(topology, config, NOW);
        events = driver.createInputTopic("events", new StringSerializer(), new StringSerializer());
        results = driver.createOutputTopic("results", new StringDeserializer(), new StringDeserializer());
        late = driver.createOutputTopic("late", new StringDeserializer(), new StringDeserializer());
    }

    /** Counts in windows of ten milliseconds, with sources in a header, and what else is set. */
    static WindowsDriver counting(StateWriting writing, UnaryOperator<EventTimeWindows<String, String>> settings) {
        return of(writing, settings, EventTimeWindows::count);
    }

    static <A> WindowsDriver of(
            StateWriting writing,
            UnaryOperator<EventTimeWindows<String, String>> settings,
            Function<EventTimeWindows<String, String>, WindowedStreams<String, String, A>> computing) {
        return of(config(), writing, settings, computing);
    }

    /** One whose topology passes over records that something throws on. */
    static <A> WindowsDriver passingOver(
            StateWriting writing,
            UnaryOperator<EventTimeWindows<String, String>> settings,
            Function<EventTimeWindows<String, String>, WindowedStreams<String, String, A>> computing) {
        return of(passingOver(config()), writing, settings, computing);
    }

    private static <A> WindowsDriver of(
            Properties config,
            StateWriting writing,
            UnaryOperator<EventTimeWindows<String, String>> settings,
            Function<EventTimeWindows<String, String>, WindowedStreams<String, String, A>> computing) {
        var reports = new AtomicReference<@Nullable WindowReport>();
        return new WindowsDriver(
                topology(writing, windows -> settings.apply(windows).reports(reports::set), computing),
                config,
                reports);
    }

    static WindowsDriver of(Properties config, Topology topology) {
        return new WindowsDriver(topology, config, new AtomicReference<>());
    }

    static <A> Topology topology(
            StateWriting writing,
            UnaryOperator<EventTimeWindows<String, String>> settings,
            Function<EventTimeWindows<String, String>, WindowedStreams<String, String, A>> computing) {
        var builder = new StreamsBuilder();
        var windows = EventTimeWindows.of(
                        builder.stream("events", Consumed.with(Serdes.String(), Serdes.String())),
                        Grouped.with("w", Serdes.String(), Serdes.String()))
                .tumbling(Duration.ofMillis(10))
                .sources(SourceExtractor.header(SOURCE));
        if (writing == StateWriting.BACK) {
            windows.writeBeforeCommit();
        }
        write(computing.apply(settings.apply(windows)));
        return builder.build();
    }

    static <A> void write(WindowedStreams<String, String, A> streams) {
        streams.results()
                .map((windowed, value) -> org.apache.kafka.streams.KeyValue.pair(
                        windowed.key(),
                        windowed.key() + "[" + windowed.window().start() + ", "
                                + windowed.window().end() + ")=" + value))
                .to("results", Produced.with(Serdes.String(), Serdes.String()));
        streams.late().to("late", Produced.with(Serdes.String(), Serdes.String()));
    }

    static Properties config() {
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        return config;
    }

    static Properties passingOver(Properties config) {
        config.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueProcessingExceptionHandler.class);
        return config;
    }

    /** One for each driver; the driver deletes what is in it when it is closed. */
    private static String stateDirectory() {
        try {
            Path directory = Files.createTempDirectory("semel-windowing-");
            directory.toFile().deleteOnExit();
            return directory.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for state", e);
        }
    }

    /** Events of one source and one key. */
    void send(long... timestamps) {
        for (long timestamp : timestamps) {
            send("a", "k", timestamp);
        }
    }

    /** An event with its time as value. */
    void send(@Nullable String source, @Nullable String key, long timestamp) {
        sendValue(source, key, timestamp, Long.toString(timestamp));
    }

    void sendValue(@Nullable String source, @Nullable String key, long timestamp, @Nullable String value) {
        var headers = new RecordHeaders();
        if (source != null) {
            headers.add(SOURCE, source.getBytes(UTF_8));
        }
        events.pipeInput(new TestRecord<>(key, value, headers, timestamp));
    }

    void passes(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** Results since last asked. */
    List<String> results() {
        return results.readValuesToList();
    }

    List<TestRecord<String, String>> resultRecords() {
        return results.readRecordsToList();
    }

    /** Values of late records since last asked. */
    List<String> late() {
        return late.readValuesToList();
    }

    List<TestRecord<String, String>> lateRecords() {
        return late.readRecordsToList();
    }

    static String header(TestRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "(none)" : new String(header.value(), UTF_8);
    }

    /** Keys of what is stored of accumulators. */
    List<String> stored() {
        return keys("w-windows");
    }

    /** Keys of what else is stored. */
    List<String> control() {
        return keys("w-control");
    }

    private List<String> keys(String store) {
        var query = RangeQuery.<Bytes, byte[]>withNoBounds();
        var keys = new ArrayList<String>();
        var answer =
                driver.getAllStateStores().get(store).query(query, PositionBound.unbounded(), new QueryConfig(false));
        try (var all = answer.getResult()) {
            all.forEachRemaining(entry -> keys.add(entry.key.toString()));
        }
        return keys;
    }

    /** As of now; a tick goes by. */
    Accounts accounts() {
        passes(Duration.ofSeconds(1));
        return report().accounts();
    }

    WindowReport report() {
        return Objects.requireNonNull(reports.get(), "no tick yet");
    }

    /** {@code P2 L1 R0}. */
    String dispositions() {
        Accounts accounts = accounts();
        return "P" + accounts.processed() + " L" + accounts.late() + " R" + accounts.rejectedRecords();
    }

    long rejected(Rejection reason) {
        return accounts().rejected(reason);
    }

    double metric(String name) {
        return metric(name, "w");
    }

    double metric(String name, String operator) {
        var values = driver.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().group().equals("semel-windowing"))
                .filter(entry -> entry.getKey().name().equals(name))
                .filter(entry -> operator.equals(entry.getKey().tags().get("windowing-id")))
                .map(entry -> (double) entry.getValue().metricValue())
                .toList();
        if (values.size() != 1) {
            throw new AssertionError("metric " + name + " is there " + values.size() + " times");
        }
        return values.get(0);
    }

    TopologyTestDriver driver() {
        return driver;
    }

    @Override
    public void close() {
        driver.close();
    }
}
