package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.semel.windowing.AccumulatorSerdes;
import dev.semel.windowing.EventTimeProcessor;
import dev.semel.windowing.EventTimeWindows;
import dev.semel.windowing.SourceExtractor;
import dev.semel.windowing.WindowHeaders;
import dev.semel.windowing.WindowReport;
import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.aggregate.Average;
import dev.semel.windowing.aggregate.MergeableAggregate;
import dev.semel.windowing.distinct.DistinctCount;
import dev.semel.windowing.engine.Emission;
import dev.semel.windowing.engine.OpenStateLimit;
import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Window;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/windows.md shows and needs no broker for. */
class WindowsPageTest {

    private static final Instant NOW = Instant.parse("2024-01-18T03:00:00Z");

    @TempDir
    private Path directory;

    private final List<String> alarms = new ArrayList<>();

    /** Counts trades in windows of a minute; the sources are in the header {@code ce_source}. */
    private TopologyTestDriver counting(UnaryOperator<EventTimeWindows<String, Trade>> settings) {
        var builder = new StreamsBuilder();
        var windows = EventTimeWindows.of(trades(builder), Grouped.with("trades", Serdes.String(), Trade.serde()))
                .tumbling(Duration.ofMinutes(1))
                .sources(SourceExtractor.header("ce_source"));
        var counts = settings.apply(windows).count();
        counts.results()
                .to("counts", Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, 60_000), Serdes.Long()));
        counts.late().to("late", Produced.with(Serdes.String(), Trade.serde()));
        return driver(builder.build());
    }

    private static KStream<String, Trade> trades(StreamsBuilder builder) {
        return builder.stream("trades", Consumed.with(Serdes.String(), Trade.serde()));
    }

    private TopologyTestDriver driver(Topology topology) {
        return driver(topology, new Properties());
    }

    private TopologyTestDriver driver(Topology topology, Properties config) {
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "volumes");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        return new TopologyTestDriver(topology, config, NOW);
    }

    /** A trade of an exchange, so many seconds after the minute. */
    private static void send(TopologyTestDriver driver, String exchange, long seconds) {
        send(driver, exchange, Trade.of(1, seconds), Trade.MINUTE + seconds * 1_000);
    }

    private static void send(TopologyTestDriver driver, String exchange, Trade trade, long timestamp) {
        TestInputTopic<String, Trade> trades = driver.createInputTopic(
                "trades", new StringSerializer(), Trade.serde().serializer());
        var headers = new RecordHeaders().add(Topics.header("ce_source", exchange));
        trades.pipeInput(new TestRecord<>("ACME", trade, headers, timestamp));
    }

    /** Such as {@code [0, 60)=3}, in seconds after the minute. */
    private static List<String> counts(TopologyTestDriver driver) {
        return records(driver).stream()
                .map(TestRecord::getValue)
                .map(String::valueOf)
                .toList();
    }

    private static List<TestRecord<String, Long>> records(TopologyTestDriver driver) {
        TestOutputTopic<String, Long> counts =
                driver.createOutputTopic("counts", new StringDeserializer(), new LongDeserializer());
        return counts.readRecordsToList();
    }

    private static String header(TestRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void aWrongClockClosesNothing() {
        var reports = new ArrayList<WindowReport>();
        try (var driver = counting(
                windows -> windows.reports(reports::add)
                        // tag::future-guard[]
                        .timestamps((symbol, trade) -> trade.time())
                        .futureGuard(Duration.ofMinutes(5))
                // end::future-guard[]
                )) {
            send(driver, "a", Trade.of(1, 10), Trade.MINUTE + 10_000);
            long microseconds = Trade.of(1, 20).time() * 1_000;
            send(driver, "a", new Trade(1, microseconds), Trade.MINUTE + 20_000);
            send(driver, "a", Trade.of(1, 30), Trade.MINUTE + 30_000);
            send(driver, "a", Trade.of(1, 60), Trade.MINUTE + 60_000);
            assertThat(counts(driver)).containsExactly("2");
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(last(reports).accounts().rejected(Rejection.FUTURE)).isEqualTo(1);
            assertThat(last(reports).accounts().ingested()).isEqualTo(4);
        }
    }

    private static WindowReport last(List<WindowReport> reports) {
        return reports.get(reports.size() - 1);
    }

    @Test
    void aSourceThatHoldsWindowsOpenIsNamed() {
        try (var driver = counting(
                windows -> windows.declare("nyse", "lse")
                        // tag::limits[]
                        .openState(OpenStateLimit.windows(120, Beyond.FORCE_ADVANCE)
                                .withBytes(512L << 20))
                        .reports(report -> report.wedge()
                                .filter(wedge -> wedge.sinceMillis()
                                        > Duration.ofMinutes(5).toMillis())
                                .ifPresent(wedge -> alarms.add("task " + report.task() + ": " + wedge.source()
                                        + " holds " + wedge.windows() + " windows open")))
                // end::limits[]
                )) {
            send(driver, "lse", 0);
            for (int minute = 0; minute <= 6; minute++) {
                send(driver, "nyse", minute * 60);
                driver.advanceWallClockTime(Duration.ofMinutes(1));
            }
            assertThat(alarms).last().isEqualTo("task 0_0: lse holds 6 windows open");
        }
    }

    @Test
    void panesSaySomethingSoonerAndCorrectItLater() {
        try (var driver = counting(
                windows -> windows
                        // tag::panes[]
                        .allowedLateness(Duration.ofSeconds(30))
                        .emission(Emission.inPanes().withEarly(Duration.ofSeconds(20)))
                // end::panes[]
                )) {
            for (long seconds : new long[] {5, 25, 60, 50, 90, 40}) {
                send(driver, "a", seconds);
            }
            assertThat(records(driver).stream()
                            .map(pane -> header(pane, WindowHeaders.PANE_KIND) + " "
                                    + header(pane, WindowHeaders.PANE_INDEX) + " " + pane.value()))
                    .containsExactly("EARLY 0 2", "ON_TIME 1 2", "LATE 2 3", "EARLY 0 2");
        }
    }

    @Test
    void windowsThatHop() {
        try (var driver = counting(
                windows -> windows
                        // tag::hopping[]
                        .hopping(Duration.ofMinutes(5), Duration.ofMinutes(1))
                // end::hopping[]
                )) {
            send(driver, "a", 10);
            send(driver, "a", 70);
            send(driver, "a", 130);
            assertThat(counts(driver)).containsExactly("1", "2");
        }
    }

    @Test
    void sessionsLastAsLongAsEventsAreNoFurtherApart() {
        var builder = new StreamsBuilder();
        var sessions = EventTimeWindows.of(trades(builder), Grouped.with("trades", Serdes.String(), Trade.serde()))
                // tag::sessions[]
                .sessions(Duration.ofSeconds(30))
                // end::sessions[]
                .count();
        sessions.results()
                .to("counts", Produced.with(WindowedSerdes.sessionWindowedSerdeFrom(String.class), Serdes.Long()));
        try (var driver = driver(builder.build())) {
            for (long seconds : new long[] {0, 25, 50, 81, 112}) {
                send(driver, "a", seconds);
            }
            assertThat(records(driver))
                    .extracting(TestRecord::value, TestRecord::timestamp)
                    .containsExactly(tuple(3L, Trade.MINUTE + 50_000), tuple(1L, Trade.MINUTE + 81_000));
        }
    }

    @Test
    void replacedSessionsAreRemovedFromATable() {
        var builder = new StreamsBuilder();
        EventTimeWindows.of(trades(builder), Grouped.with("trades", Serdes.String(), Trade.serde()))
                .sessions(Duration.ofSeconds(10))
                .allowedLateness(Duration.ofHours(1))
                .emission(Emission.inPanes())
                .count()
                .results()
                // tag::replaced-sessions[]
                .process(() -> new ContextualProcessor<Windowed<String>, Long, Windowed<String>, Long>() {
                    @Override
                    public void process(Record<Windowed<String>, Long> count) {
                        String key = count.key().key();
                        for (Window replaced : WindowHeaders.replacedSessions(count.headers())) {
                            context().forward(new Record<>(new Windowed<>(key, replaced), null, count.timestamp()));
                        }
                        context().forward(count);
                    }
                })
                // end::replaced-sessions[]
                .to("counts", Produced.with(WindowedSerdes.sessionWindowedSerdeFrom(String.class), Serdes.Long()));
        try (var driver = driver(builder.build())) {
            for (long seconds : new long[] {0, 15, 40, 7}) {
                send(driver, "a", seconds);
            }
            var table = driver.createOutputTopic(
                            "counts",
                            WindowedSerdes.sessionWindowedSerdeFrom(String.class)
                                    .deserializer(),
                            Serdes.Long().deserializer())
                    .readKeyValuesToMap();
            table.values().removeIf(Objects::isNull);
            assertThat(table)
                    .containsExactly(Map.entry(
                            new Windowed<>("ACME", new SessionWindow(Trade.MINUTE, Trade.MINUTE + 15_000)), 3L));
        }
    }

    @Test
    void theGreatestFewOfAWindow() {
        var builder = new StreamsBuilder();
        var windows = EventTimeWindows.of(trades(builder), Grouped.with("trades", Serdes.String(), Trade.serde()))
                .tumbling(Duration.ofMinutes(1));
        // tag::aggregates[]
        var largest = windows.aggregate(
                Aggregates.top(3, Comparator.comparing(Trade::quantity)),
                Materialized.with(Serdes.String(), AccumulatorSerdes.top(Trade.serde())));
        // end::aggregates[]
        largest.results()
                .mapValues(trades -> trades.stream().map(Trade::quantity).toList())
                .mapValues(String::valueOf)
                .to("counts", texts());
        try (var driver = driver(builder.build())) {
            long second = 0;
            for (long quantity : new long[] {5, 1, 9, 7, 2}) {
                send(driver, "a", Trade.of(quantity, second), Trade.MINUTE + second++ * 1_000);
            }
            send(driver, "a", 60);
            assertThat(shown(driver)).containsExactly("[9, 7, 5]");
        }
    }

    private static Produced<Windowed<String>, String> texts() {
        return Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, 60_000), Serdes.String());
    }

    private static List<String> shown(TopologyTestDriver driver) {
        return driver.createOutputTopic("counts", new StringDeserializer(), new StringDeserializer())
                .readValuesToList();
    }

    private static <A> Arguments computed(
            String name, MergeableAggregate<String, Trade, A> aggregate, Serde<A> serde, Object expected) {
        return Arguments.of(name, aggregate, serde, expected);
    }

    /** Each row of the table of aggregates, of the quantities 5, 1, 9 and 5. */
    static Stream<Arguments> aggregates() {
        return Stream.of(
                computed("Aggregates.count", Aggregates.count(), Serdes.Long(), 4L),
                computed("Aggregates.sum", Aggregates.sum(Trade::quantity), Serdes.Long(), 20L),
                computed("Aggregates.sumOfDoubles", Aggregates.sumOfDoubles(Trade::quantity), Serdes.Double(), 20.0),
                computed(
                        "Aggregates.average",
                        Aggregates.average(Trade::quantity),
                        AccumulatorSerdes.average(),
                        new Average(4, 20)),
                computed("Aggregates.min", Aggregates.min(Trade::quantity), Serdes.Long(), 1L),
                computed("Aggregates.max", Aggregates.max(Trade::quantity), Serdes.Long(), 9L),
                computed(
                        "Aggregates.top",
                        Aggregates.top(1, Comparator.comparing(Trade::quantity)),
                        AccumulatorSerdes.top(Trade.serde()),
                        List.of(Trade.of(9, 2))),
                computed("Aggregates.reduce", Aggregates.reduce((one, other) -> other), Trade.serde(), Trade.of(5, 3)),
                computed(
                        "DistinctCount.ofTexts",
                        DistinctCount.ofTexts(trade -> "" + trade.quantity()),
                        DistinctCount.serde(),
                        "3 different"),
                computed(
                        "MergeableAggregate.of",
                        MergeableAggregate.of(() -> 0L, (symbol, trade, count) -> count + 1, Long::sum),
                        Serdes.Long(),
                        4L));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("aggregates")
    <A> void eachAggregateOfTheTableIsComputed(
            String name, MergeableAggregate<String, Trade, A> aggregate, Serde<A> serde, Object expected) {
        assertThat(Page.read("docs/windows.md").firstColumn("What is computed"))
                .anyMatch(row -> row.startsWith(name + "("));
        var builder = new StreamsBuilder();
        EventTimeWindows.of(trades(builder), Grouped.with("trades", Serdes.String(), Trade.serde()))
                .tumbling(Duration.ofMinutes(1))
                .aggregate(aggregate, Materialized.with(Serdes.String(), serde))
                .results()
                .mapValues(String::valueOf)
                .to("counts", texts());
        try (var driver = driver(builder.build())) {
            long second = 0;
            for (long quantity : new long[] {5, 1, 9, 5}) {
                send(driver, "a", Trade.of(quantity, second), Trade.MINUTE + second++ * 1_000);
            }
            send(driver, "a", 60);
            assertThat(shown(driver)).containsExactly(expected.toString());
        }
    }

    // tag::join[]
    sealed interface Side permits Ordered, Traded {}

    record Ordered(Trade order) implements Side {}

    record Traded(Trade trade) implements Side {}

    /** What there is of both streams. */
    record Both(long ordered, long traded) {

        Both plus(Side side) {
            return side instanceof Ordered one
                    ? new Both(ordered + one.order().quantity(), traded)
                    : new Both(ordered, traded + ((Traded) side).trade().quantity());
        }
    }
    // end::join[]

    @Test
    void twoStreamsAreJoinedInOneAggregate() {
        var builder = new StreamsBuilder();
        KStream<String, Trade> trades = trades(builder);
        KStream<String, Trade> orders = builder.stream("orders", Consumed.with(Serdes.String(), Trade.serde()));
        Serde<Both> bothSerde = Serdes.serdeFrom(
                (topic, both) -> (both.ordered() + "@" + both.traded()).getBytes(UTF_8), (topic, bytes) -> {
                    String[] parts = new String(bytes, UTF_8).split("@");
                    return new Both(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
                });
        // tag::joined[]
        KStream<String, Side> sides = orders.<Side>mapValues(Ordered::new).merge(trades.mapValues(Traded::new));
        var filled = EventTimeWindows.of(
                        sides, Grouped.<String, Side>as("filled").withKeySerde(Serdes.String()))
                .tumbling(Duration.ofMinutes(1))
                .sources(SourceExtractor.partition("orders", "trades")) // W waits for both
                .aggregate(
                        () -> new Both(0, 0),
                        (symbol, side, both) -> both.plus(side),
                        Materialized.with(Serdes.String(), bothSerde));
        var inner = filled.results().filter((window, both) -> both.ordered() > 0 && both.traded() > 0);
        // end::joined[]
        inner.mapValues(String::valueOf).to("counts", texts());
        try (var driver = driver(builder.build())) {
            TestInputTopic<String, Trade> ordered = driver.createInputTopic(
                    "orders", new StringSerializer(), Trade.serde().serializer());
            for (long second : new long[] {1, 2, 70, 130}) {
                ordered.pipeInput("ACME", Trade.of(10, second), Trade.MINUTE + second * 1_000);
            }
            assertThat(shown(driver)).as("trades have not come yet").isEmpty();
            for (long second : new long[] {30, 140}) {
                send(driver, "a", Trade.of(3, second), Trade.MINUTE + second * 1_000);
            }
            assertThat(shown(driver))
                    .as("in the second minute nothing was traded")
                    .containsExactly("Both[ordered=20, traded=3]");
        }
    }

    @Test
    void windowsInTheProcessorApi() {
        // tag::processor-api[]
        var topology = new Topology();
        topology.addSource(
                "trades", Serdes.String().deserializer(), Trade.serde().deserializer(), "trades");
        topology.addProcessor(
                "minutes",
                EventTimeProcessor.<String, Trade>named("minutes", Serdes.String())
                        .tumbling(Duration.ofMinutes(1))
                        .count()
                        .forwardingTo("results", "late"),
                "trades");
        topology.addSink(
                "results",
                "counts",
                WindowedSerdes.timeWindowedSerdeFrom(String.class, 60_000).serializer(),
                Serdes.Long().serializer(),
                "minutes");
        topology.addSink(
                "late", "late", Serdes.String().serializer(), Trade.serde().serializer(), "minutes");
        // end::processor-api[]
        try (var driver = driver(topology)) {
            send(driver, "a", 10);
            send(driver, "a", 70);
            assertThat(counts(driver)).containsExactly("1");
        }
    }

    @Test
    void stateInMemory() {
        var builder = new StreamsBuilder();
        var windows = EventTimeWindows.of(trades(builder), Grouped.with("trades", Serdes.String(), Trade.serde()))
                .tumbling(Duration.ofMinutes(1));
        var counts =
                // tag::in-memory[]
                windows.count(Materialized.<String, Long>as(Stores.inMemoryKeyValueStore("trades-windows"))
                        .withKeySerde(Serdes.String()));
        // end::in-memory[]
        counts.results()
                .to("counts", Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, 60_000), Serdes.Long()));
        try (var driver = driver(builder.build())) {
            send(driver, "a", 10);
            send(driver, "a", 70);
            assertThat(counts(driver)).containsExactly("1");
            assertThat(driver.getAllStateStores().get("trades-windows").persistent())
                    .isFalse();
        }
    }

    @Test
    void theSilentAreIdleAfterSomeTicks() {
        // tag::test-driver[]
        try (var driver = counting(windows -> windows.declare("nyse", "lse")
                .watermarks(
                        WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO).withIdleness(Duration.ofSeconds(5)))
                .lag(InputLag.none()))) { // the driver has no consumer whose lag could be asked for
            send(driver, "lse", 10);
            send(driver, "nyse", 70);
            for (int second = 0; second < 6; second++) {
                driver.advanceWallClockTime(Duration.ofSeconds(1)); // one step of 6 s would count for one tick
                send(driver, "nyse", 71);
            }
            assertThat(counts(driver)).containsExactly("1");
        }
        // end::test-driver[]
    }

    @Test
    void newKeysTakeWatermarksAlong() {
        var builder = new StreamsBuilder();
        KStream<String, Trade> trades = trades(builder);
        // tag::rekey[]
        var bySize = EventTimeWindows.of(trades, Grouped.with("sizes", Serdes.String(), Trade.serde()))
                .sources(SourceExtractor.header("ce_source"))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(10)))
                .rekey((symbol, trade) -> trade.quantity() < 100 ? "small" : "large", Serdes.String())
                .tumbling(Duration.ofMinutes(1))
                .count();
        // end::rekey[]
        bySize.results()
                .to("counts", Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, 60_000), Serdes.Long()));
        try (var driver = driver(builder.build())) {
            send(driver, "a", Trade.of(10, 10), Trade.MINUTE + 10_000);
            send(driver, "a", Trade.of(200, 20), Trade.MINUTE + 20_000);
            send(driver, "a", Trade.of(20, 30), Trade.MINUTE + 30_000);
            send(driver, "a", Trade.of(10, 70), Trade.MINUTE + 70_000);
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            assertThat(counts(driver)).containsExactly("1", "2");
        }
    }

    // tag::disorder[]
    /** How far each event was behind the latest of its source, in milliseconds, the least first. */
    static List<Long> disorder(Iterable<ConsumerRecord<String, Trade>> records) {
        var latest = new HashMap<String, Long>();
        var behind = new ArrayList<Long>();
        for (ConsumerRecord<String, Trade> record : records) {
            String source = new String(record.headers().lastHeader("ce_source").value(), UTF_8);
            long time = record.value().time();
            behind.add(latest.merge(source, time, Math::max) - time);
        }
        Collections.sort(behind);
        return behind; // B = behind.get((int) (behind.size() * 0.999)) makes one in a thousand later than expected
    }
    // end::disorder[]

    @Test
    void theDisorderOfEachSourceIsMeasuredOnItsOwn() {
        var records = new ArrayList<ConsumerRecord<String, Trade>>();
        Stream.of("a 10", "b 100", "a 8", "a 12", "b 70").forEach(text -> {
            String[] parts = text.split(" ");
            var record = new ConsumerRecord<>("trades", 0, 0, "ACME", Trade.of(1, Long.parseLong(parts[1])));
            record.headers().add(Topics.header("ce_source", parts[0]));
            records.add(record);
        });
        assertThat(disorder(records)).containsExactly(0L, 0L, 0L, 2_000L, 30_000L);
    }
}
