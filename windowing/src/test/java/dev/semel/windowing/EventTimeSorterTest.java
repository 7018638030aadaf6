package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.semel.windowing.engine.OpenStateLimit;
import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The sorter in a topology. */
class EventTimeSorterTest {

    private static Topology topology(UnaryOperator<EventTimeSorter<String, String>> settings) {
        var builder = new StreamsBuilder();
        KStream<String, String> events = builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        SortedStreams<String, String> streams = settings.apply(
                        EventTimeSorter.of(events, Grouped.with("s", Serdes.String(), Serdes.String()))
                                .sources(SourceExtractor.header(WindowsDriver.SOURCE)))
                .sort();
        var asTexts = Produced.with(Serdes.String(), Serdes.String());
        streams.sorted().to("sorted", asTexts);
        streams.late().to("late", asTexts);
        streams.rejected().to("rejected", asTexts);
        return builder.build();
    }

    private static OrderDriver sorting(UnaryOperator<EventTimeSorter<String, String>> settings) {
        return new OrderDriver(topology(settings));
    }

    @Test
    @DisplayName("sorter 1 and 2, in a topology: by event time across sources, ties by arrival")
    void acrossSources() {
        try (var driver = sorting(sorter -> sorter.declare("a", "b"))) {
            driver.send("a", "x", 3, "a3");
            driver.send("b", "y", 3, "b3");
            driver.send("b", "y", 3, "b3 again");
            driver.send("a", "x", 5, "a5");
            assertThat(driver.values("sorted")).isEmpty();
            driver.send("b", "y", 4, "b4");
            assertThat(driver.values("sorted")).containsExactly("a3", "b3", "b3 again");
            assertThat(driver.stored("s-waiting")).isEqualTo(2);
        }
    }

    @Test
    @DisplayName(
            "sorter 22: a record keeps key, value, headers and timestamp; null keys and values are sorted like others")
    void recordsStayAsTheyAre() {
        try (var driver =
                sorting(sorter -> sorter.timestamps((key, value) -> value == null ? 7 : Long.parseLong(value)))) {
            driver.send("a", null, 500, "8");
            driver.send("a", "k", 600, null);
            driver.send("a", "k", 400, "9");
            assertThat(driver.values("late")).containsExactly((String) null);
            var sorted = driver.records("sorted");
            assertThat(sorted).hasSize(1);
            assertThat(sorted.get(0).key()).isNull();
            assertThat(sorted.get(0).value()).isEqualTo("8");
            assertThat(sorted.get(0).timestamp()).isEqualTo(500);
            assertThat(sorted.get(0).headers().toArray()).hasSize(1);
            assertThat(WindowsDriver.header(sorted.get(0), WindowsDriver.SOURCE))
                    .isEqualTo("a");
        }
    }

    @Test
    @DisplayName("a record whose time cannot be read is rejected, and the topology's handler decides what follows")
    void unreadableTimes() {
        UnaryOperator<EventTimeSorter<String, String>> reading =
                sorter -> sorter.timestamps((key, value) -> Long.parseLong(value));
        try (var driver = OrderDriver.passingOver(topology(reading))) {
            driver.send("a", "k", 1, "10");
            driver.send("a", "k", 2, "ten");
            driver.send("a", "k", 3, "11");
            assertThat(driver.values("sorted")).containsExactly("10");
            var rejected = driver.records("rejected").get(0);
            assertThat(rejected.value()).isEqualTo("ten");
            assertThat(WindowsDriver.header(rejected, OrderHeaders.REJECTED_REASON))
                    .isEqualTo("unreadable");
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.metric("rejected-total")).isEqualTo(1);
            assertThat(driver.metric("processed-total")).isEqualTo(2);
        }
        try (var driver = sorting(reading)) {
            assertThatThrownBy(() -> driver.send("a", "k", 2, "ten")).hasStackTraceContaining("the time of an event");
        }
    }

    @Test
    @DisplayName("a limit that fails stops the task, also where the topology passes over exceptions")
    void theLimitFails() {
        try (var driver = OrderDriver.passingOver(topology(
                sorter -> sorter.declare("a", "b").waiting(OpenStateLimit.entries(1, OpenStateLimit.Beyond.FAIL))))) {
            driver.send("a", "k", 1, "one");
            assertThatThrownBy(() -> driver.send("a", "k", 2, "two"))
                    .isInstanceOf(Error.class)
                    .hasMessageContaining("SHED");
        }
    }

    @Test
    @DisplayName("sorter 3 and 4, in a topology: ts == W is on time; ts < W goes to the late stream, with the reason")
    void lateRecords() {
        try (var driver = sorting(sorter -> sorter)) {
            driver.send("a", "k", 10, "ten");
            driver.send("a", "k", 10, "at the watermark");
            driver.send("a", "late one", 9, "nine");
            var late = driver.records("late").get(0);
            assertThat(late.key()).isEqualTo("late one");
            assertThat(late.timestamp()).isEqualTo(9);
            assertThat(WindowsDriver.header(late, WindowHeaders.LATE_REASON)).isEqualTo(OrderHeaders.BEFORE_WATERMARK);
            assertThat(WindowsDriver.header(late, WindowHeaders.LATE_WATERMARK)).isEqualTo("10");
            assertThat(WindowsDriver.header(late, WindowHeaders.LATE_SOURCE)).isEqualTo("a");
            assertThat(WindowsDriver.header(late, WindowHeaders.LATE_WINDOW)).isEqualTo("(none)");
            driver.send("a", "k", 11, "eleven");
            assertThat(driver.values("sorted")).containsExactly("ten", "at the watermark");
        }
    }

    @Test
    @DisplayName("sorter 7, in a topology: a source that stalls is idle by the punctuator, and what waited goes out")
    void aStalledSource() {
        try (var driver = sorting(sorter -> sorter.declare("a", "b")
                .lag(InputLag.none())
                .watermarks(
                        WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO).withIdleness(Duration.ofSeconds(5))))) {
            driver.send("a", "k", 1, "1");
            driver.send("a", "k", 2, "2");
            for (int second = 0; second < 7; second++) {
                driver.passes(Duration.ofSeconds(1));
                driver.send("a", "k", 3, "3");
            }
            assertThat(driver.values("sorted")).containsExactly("1", "2");
        }
    }

    @Test
    @DisplayName("sorter 10 and 14, in a topology: what is rejected goes to a stream, with the reason")
    void rejectedRecords() {
        try (var driver = sorting(sorter -> sorter.declare("b")
                .timestamps((key, value) -> Long.parseLong(value))
                .futureGuard(Duration.ofMillis(100))
                .waiting(OpenStateLimit.entries(1, Beyond.SHED)))) {
            driver.send("a", "k", 10, "1000");
            driver.send("a", "k", 10, "20");
            driver.send("a", "k", 10, "30");
            var rejected = driver.records("rejected");
            assertThat(rejected.stream().map(record -> record.value()).toList()).containsExactly("1000", "30");
            assertThat(rejected.stream()
                            .map(record -> WindowsDriver.header(record, OrderHeaders.REJECTED_REASON))
                            .toList())
                    .containsExactly("future", "open_state_limit");
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.metric("processed-total")).isEqualTo(1);
            assertThat(driver.metric("rejected-total")).isEqualTo(2);
            assertThat(driver.metric("waiting")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "sorter 23: thousands in random order go out in the stable order of their times, in slices, and leave nothing stored (property)")
    void manyInSlices() {
        long seed = Long.getLong("semel.seed", 23);
        var random = new Random(seed);
        record Event(long time, String text) {}
        var events = new ArrayList<Event>();
        for (int i = 0; i < 3_000; i++) {
            long time = random.nextInt(1_000);
            events.add(new Event(time, time + " " + i));
        }
        try (var driver = sorting(sorter -> sorter.resultsPerCall(7)
                .storedIn(Stores.inMemoryKeyValueStore("elsewhere"))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(1_000))))) {
            events.forEach(event -> driver.send("a", event.text(), event.time(), event.text()));
            assertThat(driver.stored("elsewhere")).isEqualTo(3_000);
            driver.send("a", "end", 1_000_000, "end");
            assertThat(driver.values("sorted")).as("seed %s", seed).hasSize(7);
            driver.passes(Duration.ofSeconds(20));
            assertThat(driver.values("sorted"))
                    .as("seed %s", seed)
                    .isEqualTo(events.stream()
                            .sorted(Comparator.comparingLong(Event::time))
                            .map(Event::text)
                            .skip(7)
                            .toList());
            assertThat(driver.stored("elsewhere")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("sorter 24: inserted into a topology, it takes none of its numbers")
    void takesNoNumbers() {
        var builder = new StreamsBuilder();
        KStream<String, String> events = builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        events.mapValues(value -> value).to("mapped");
        String before = builder.build().describe().toString();
        var other = new StreamsBuilder();
        KStream<String, String> again = other.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        EventTimeSorter.of(again, Grouped.with("s", Serdes.String(), Serdes.String()))
                .sort();
        again.mapValues(value -> value).to("mapped");
        String after = other.build().describe().toString();
        assertThat(numbered(after)).isEqualTo(numbered(before)).isNotEmpty();
        assertThat(after).contains("s-sorted", "s-late", "s-rejected", "s-waiting", "s-control");
    }

    private static List<String> numbered(String description) {
        return description
                .lines()
                .flatMap(line -> List.of(line.split("[ ,()]+")).stream())
                .filter(word -> word.matches("K.*-\\d{10}"))
                .distinct()
                .toList();
    }

    @Test
    @DisplayName("sorter 25: as a plain processor it forwards what is in order, and counts the rest")
    void asAProcessor() {
        var topology = new Topology();
        topology.addSource(
                "source", Serdes.String().deserializer(), Serdes.String().deserializer(), "events");
        topology.addProcessor(
                "sort",
                EventTimeSorter.named("s", Serdes.String(), Serdes.String()).processor(),
                "source");
        topology.addSink(
                "sink", "sorted", Serdes.String().serializer(), Serdes.String().serializer(), "sort");
        try (var driver = new OrderDriver(topology)) {
            driver.send(null, "k", 5, "5");
            driver.send(null, "k", 9, "9");
            driver.send(null, "k", 4, "4");
            assertThat(driver.values("sorted")).containsExactly("5");
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.metric("late-total")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("sorter 32: without exactly-once it warns, by its name, and runs")
    void withoutExactlyOnce() {
        var logger = (Logger) LoggerFactory.getLogger("dev.semel.windowing");
        var events = new ListAppender<ILoggingEvent>();
        events.start();
        logger.addAppender(events);
        Properties config = WindowsDriver.config();
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        try (var driver = new TopologyTestDriver(topology(sorter -> sorter), config)) {
            assertThat(driver.getAllStateStores()).containsKey("s-waiting");
            assertThat(events.list).anySatisfy(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage()).startsWith("s runs with processing.guarantee=at_least_once");
            });
        } finally {
            logger.detachAppender(events);
        }
    }

    @Test
    @DisplayName("sorter 26: what is missing or does not fit is named when the topology is built")
    void settings() {
        KStream<String, String> events = new StreamsBuilder().stream("events");
        assertThatThrownBy(() -> EventTimeSorter.of(events, Grouped.with(Serdes.String(), Serdes.String())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a name");
        assertThatThrownBy(() -> EventTimeSorter.of(events, Grouped.with("s", Serdes.String(), null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of the values");
        assertThatThrownBy(() -> EventTimeSorter.named("s", Serdes.String(), Serdes.String())
                        .futureGuard(Duration.ofMinutes(1))
                        .processor())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("timestamps");
        assertThatThrownBy(() -> EventTimeSorter.named("s", Serdes.String(), Serdes.String())
                        .waiting(OpenStateLimit.windows(1, Beyond.FAIL))
                        .processor())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("open windows");
        assertThatThrownBy(() -> EventTimeSorter.named("s", Serdes.String(), Serdes.String())
                        .sort())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no stream");
    }
}
