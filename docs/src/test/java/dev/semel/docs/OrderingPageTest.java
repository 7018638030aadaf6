package dev.semel.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.EventTimeSorter;
import dev.semel.windowing.OrderHeaders;
import dev.semel.windowing.Resequencer;
import dev.semel.windowing.SourceExtractor;
import dev.semel.windowing.WindowHeaders;
import dev.semel.windowing.sequence.GapPolicy;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/ordering.md shows. */
class OrderingPageTest {

    private static final Page PAGE = Page.read("docs/ordering.md");
    private static final List<String> STEPS = List.of("placed", "paid", "shipped");

    @TempDir
    private Path directory;

    private TopologyTestDriver driver(StreamsBuilder builder) {
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "ordering");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        return new TopologyTestDriver(builder.build(), config, Instant.ofEpochMilli(Trade.MINUTE));
    }

    @Test
    void tradesInTheOrderOfTheirTimes() {
        var builder = new StreamsBuilder();
        KStream<String, Trade> trades = builder.stream("trades", Consumed.with(Serdes.String(), Trade.serde()));
        // tag::sorter[]
        var inOrder = EventTimeSorter.of(trades, Grouped.with("in-order", Serdes.String(), Trade.serde()))
                .sources(SourceExtractor.header("ce_source"))
                .declare("nyse", "lse")
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(10))
                        .withIdleness(Duration.ofMinutes(2)))
                .sort();
        inOrder.sorted().to("trades-in-order", Produced.with(Serdes.String(), Trade.serde()));
        inOrder.late().to("trades-late", Produced.with(Serdes.String(), Trade.serde()));
        inOrder.rejected().to("trades-rejected", Produced.with(Serdes.String(), Trade.serde()));
        // end::sorter[]
        try (var driver = driver(builder)) {
            Stream.of("nyse 20", "lse 5", "lse 30", "nyse 40", "lse 45", "lse 25")
                    .forEach(trade -> send(driver, trade.split(" ")[0], Long.parseLong(trade.split(" ")[1])));
            assertThat(seconds(driver, "trades-in-order")).containsExactly(5L, 20L);
            assertThat(seconds(driver, "trades-late")).containsExactly(25L);
        }
    }

    private static void send(TopologyTestDriver driver, String exchange, long seconds) {
        var headers = new RecordHeaders().add(Topics.header("ce_source", exchange));
        driver.createInputTopic("trades", new StringSerializer(), Trade.serde().serializer())
                .pipeInput(new TestRecord<>(
                        "ACME",
                        Trade.of(1, seconds),
                        headers,
                        Trade.of(1, seconds).time()));
    }

    private static List<Long> seconds(TopologyTestDriver driver, String topic) {
        return driver
                .createOutputTopic(
                        topic, new StringDeserializer(), Trade.serde().deserializer())
                .readValuesToList()
                .stream()
                .map(trade -> (trade.time() - Trade.MINUTE) / 1_000)
                .toList();
    }

    @Test
    void nothingIsShippedBeforeItIsPaid() {
        var builder = new StreamsBuilder();
        KStream<String, String> orders = builder.stream("orders", Consumed.with(Serdes.String(), Serdes.String()));
        // tag::resequencer[]
        var steps = Resequencer.of(orders, Grouped.with("order-steps", Serdes.String(), Serdes.String()))
                .sequence((order, step) -> STEPS.indexOf(step) + 1) // placed, paid, shipped
                .firstExpected(1)
                .gapBound(Duration.ofMinutes(10), 100)
                .onGap(GapPolicy.DEAD_LETTER)
                .resequence();
        steps.resequenced().to("orders-in-order", Produced.with(Serdes.String(), Serdes.String()));
        steps.gaps().to("orders-too-early", Produced.with(Serdes.String(), Serdes.String()));
        // end::resequencer[]
        try (var driver = driver(builder)) {
            var input = driver.createInputTopic("orders", new StringSerializer(), new StringSerializer());
            input.pipeInput("o-1", "placed");
            input.pipeInput("o-1", "shipped");
            input.pipeInput("o-2", "placed");
            input.pipeInput("o-2", "shipped");
            input.pipeInput("o-1", "paid");
            var inOrder =
                    driver.createOutputTopic("orders-in-order", new StringDeserializer(), new StringDeserializer());
            assertThat(inOrder.readKeyValuesToList())
                    .extracting(step -> step.key + " " + step.value)
                    .containsExactly("o-1 placed", "o-2 placed", "o-1 paid", "o-1 shipped");
            for (int second = 0; second <= 601; second++) {
                driver.advanceWallClockTime(Duration.ofSeconds(1));
            }
            var early =
                    driver.createOutputTopic("orders-too-early", new StringDeserializer(), new StringDeserializer());
            assertThat(early.readRecordsToList()).singleElement().satisfies(step -> {
                assertThat(step.key()).isEqualTo("o-2");
                assertThat(header(step, OrderHeaders.SEQUENCE_EXPECTED)).isEqualTo("2");
                assertThat(header(step, OrderHeaders.GAP_REASON)).isEqualTo("time");
            });
            input.pipeInput("o-2", "paid");
            input.pipeInput("o-2", "shipped");
            assertThat(inOrder.readValuesToList())
                    .as("what went to the gaps, sent again")
                    .containsExactly("paid", "shipped");
        }
    }

    private static String header(TestRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void everySettingIsInItsTable() {
        assertThat(names("Settings of the sorter"))
                .containsExactlyInAnyOrderElementsOf(settings(EventTimeSorter.class));
        assertThat(names("Settings of the resequencer"))
                .containsExactlyInAnyOrderElementsOf(settings(Resequencer.class));
    }

    private static List<String> names(String heading) {
        return PAGE.firstColumn(heading).stream()
                .map(call -> call.substring(0, call.indexOf('(')))
                .toList();
    }

    /** What gives the builder back. */
    private static TreeSet<String> settings(Class<?> builder) {
        var names = new TreeSet<String>();
        for (Method method : builder.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers())
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getReturnType() == builder) {
                names.add(method.getName());
            }
        }
        return names;
    }

    @Test
    void defaultsAreThoseOfTheCode() throws ReflectiveOperationException {
        KStream<String, String> events = new StreamsBuilder().stream("events");
        var grouped = Grouped.with("in-order", Serdes.String(), Serdes.String());
        var sorter = EventTimeSorter.of(events, grouped);
        assertThat(Defaults.of(PAGE, "Settings of the sorter"))
                .containsEntry("missingSource", Defaults.of(sorter, "missingSource"))
                .containsEntry("resultsPerCall", Defaults.of(sorter, "resultsPerCall"));
        var resequencer = Resequencer.of(events, grouped);
        assertThat(Defaults.of(PAGE, "Settings of the resequencer"))
                .containsEntry(
                        "resultsPerCall",
                        Defaults.of(requireNonNull(Defaults.field(resequencer, "engine")), "resultsPerCall"))
                .containsEntry("ticks", Defaults.of(resequencer, "ticks"));
    }

    /** The names in the paragraph on metrics, up to the settings. */
    @Test
    void everyMetricIsNamed() {
        var builder = new StreamsBuilder();
        KStream<String, String> events = builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        EventTimeSorter.of(events, Grouped.with("sorter", Serdes.String(), Serdes.String()))
                .sort();
        Resequencer.of(events, Grouped.with("resequencer", Serdes.String(), Serdes.String()))
                .sequence((key, value) -> 1)
                .firstSeen()
                .onGap(GapPolicy.HOLD)
                .resequence();
        String text = String.join(" ", PAGE.lines());
        String paragraph =
                text.substring(text.indexOf("Metrics are in the group"), text.indexOf("## Settings of the sorter"));
        try (var driver = driver(builder)) {
            driver.createInputTopic("events", new StringSerializer(), new StringSerializer())
                    .pipeInput("k", "v", Trade.MINUTE);
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            var there = driver.metrics().keySet().stream()
                    .filter(metric -> metric.group().equals("semel-windowing"))
                    .filter(metric -> !metric.name().matches("rejected-.+-total"))
                    .map(metric -> metric.tags().get("windowing-id") + " " + metric.name())
                    .collect(Collectors.toSet());
            int second = paragraph.indexOf("Of the resequencer:");
            var named = new TreeSet<String>();
            quoted(paragraph.substring(0, second)).forEach(name -> named.add("sorter " + name));
            quoted(paragraph.substring(second)).forEach(name -> named.add("resequencer " + name));
            assertThat(there).containsExactlyInAnyOrderElementsOf(named);
        }
    }

    private static Stream<String> quoted(String text) {
        return Pattern.compile("`([^`]+)`")
                .matcher(text)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !name.equals("semel-windowing"));
    }

    @Test
    void everyPolicyIsInTheTable() {
        assertThat(PAGE.firstColumn("Gaps"))
                .containsExactly(
                        Arrays.stream(GapPolicy.values()).map(Enum::name).toArray(String[]::new));
    }

    @Test
    void everyHeaderIsInTheTable() {
        assertThat(PAGE.firstColumn("Headers of what is not in order"))
                .containsExactlyInAnyOrder(
                        WindowHeaders.LATE_REASON,
                        WindowHeaders.LATE_WATERMARK,
                        WindowHeaders.LATE_SOURCE,
                        OrderHeaders.REJECTED_REASON,
                        OrderHeaders.SEQUENCE_NUMBER,
                        OrderHeaders.SEQUENCE_EXPECTED,
                        OrderHeaders.GAP_REASON);
    }
}
