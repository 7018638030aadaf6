package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.engine.StoredProgress;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.sequence.GapPolicy;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.internals.StreamTask;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kafka Streams takes a corrupted task back to its last commit and initialises the same objects again, and does not forget the
 * punctuators that they had: nothing of the transaction that was aborted may go on ticking. Here no commit was before, and the input is
 * read again.
 */
class CorruptedTaskTest {

    private StreamsBuilder builder;
    private KStream<String, String> events;

    @BeforeEach
    void begin() {
        builder = new StreamsBuilder();
        events = builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
    }

    private static Grouped<String, String> named(String name) {
        return Grouped.with(name, Serdes.String(), Serdes.String());
    }

    /** In a store that forgets what was not committed. */
    private static Materialized<String, Long, KeyValueStore<Bytes, byte[]>> inMemory() {
        return Materialized.<String, Long>as(Stores.inMemoryKeyValueStore("w-windows"))
                .withKeySerde(Serdes.String());
    }

    /** What Kafka Streams does after a {@code TaskCorruptedException}, with the task of the driver. */
    private static void corrupted(WindowsDriver driver) throws ReflectiveOperationException {
        Field field = TopologyTestDriver.class.getDeclaredField("task");
        field.setAccessible(true);
        StreamTask task = (StreamTask) field.get(driver.driver());
        task.suspend();
        task.closeDirty();
        task.revive();
        task.initializeIfNeeded();
        task.completeRestoration(partitions -> {});
    }

    private static void seconds(WindowsDriver driver, int count) {
        for (int second = 0; second < count; second++) {
            driver.passes(Duration.ofSeconds(1));
        }
    }

    @ParameterizedTest
    @EnumSource(StateWriting.class)
    @DisplayName("after a corrupted task each window has one final, and each tick one report")
    void eachWindowHasOneFinal(StateWriting writing) throws Exception {
        var reports = new ArrayList<WindowReport>();
        var windows = EventTimeWindows.of(events, named("w"))
                .tumbling(Duration.ofMillis(10))
                .declare("a", "b")
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO)
                        .withIdleness(Duration.ofSeconds(3))
                        .withFlushWhenAllIdle())
                .lag(InputLag.none())
                .reports(reports::add);
        if (writing == StateWriting.BACK) {
            windows.writeBeforeCommit();
        }
        WindowsDriver.write(windows.count(inMemory()));
        try (var driver = WindowsDriver.of(WindowsDriver.config(), builder.build())) {
            driver.send("a", "k", 5);
            driver.send("a", "k", 25);
            corrupted(driver);
            driver.send("a", "k", 5);
            driver.send("a", "k", 25);
            seconds(driver, 1);
            assertThat(reports).as("of one tick").hasSize(1);
            seconds(driver, 8);
            assertThat(driver.results()).containsExactly("k[0, 10)=1");
        }
    }

    @Test
    @DisplayName("after a corrupted task the stored clock is that of the task that runs")
    void theStoredClock() throws Exception {
        WindowsDriver.write(EventTimeWindows.of(events, named("w"))
                .tumbling(Duration.ofMillis(10))
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .count(inMemory()));
        try (var driver = WindowsDriver.of(WindowsDriver.config(), builder.build())) {
            var changes = driver.driver()
                    .createOutputTopic(
                            "app-w-control-changelog", new StringDeserializer(), new ByteArrayDeserializer());
            driver.send("a", "k", 5);
            driver.send("a", "k", 1_000);
            // Between two ticks, so that those of the task that begins again come at other moments.
            driver.passes(Duration.ofMillis(500));
            changes.readKeyValuesToList();
            corrupted(driver);
            driver.send("a", "k", 5);
            for (int half = 0; half < 3; half++) {
                driver.passes(Duration.ofMillis(500));
            }
            var watermarks = changes.readKeyValuesToList().stream()
                    .filter(entry -> entry.key.equals("C") && entry.value != null)
                    .map(entry -> StoredProgress.of(List.of(new StoredControl(entry.key.getBytes(UTF_8), entry.value)))
                            .watermark())
                    .toList();
            assertThat(watermarks).isNotEmpty().containsOnly(5L);
        }
    }

    @Test
    @DisplayName(
            "before a repartitioning, after a corrupted task, what is read again is not late behind its own aborted watermark")
    void beforeARepartitioning() throws Exception {
        WindowsDriver.write(EventTimeWindows.of(events, named("w"))
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .rekey((key, value) -> "all", Serdes.String())
                .tumbling(Duration.ofMillis(10))
                .count(inMemory()));
        try (var driver = WindowsDriver.of(WindowsDriver.config(), builder.build())) {
            driver.send("a", "k", 5);
            driver.send("a", "k", 1_000);
            corrupted(driver);
            seconds(driver, 1);
            driver.results();
            driver.send("a", "k", 5);
            driver.send("a", "k", 1_000);
            seconds(driver, 1);
            assertThat(driver.late()).isEmpty();
            assertThat(driver.results()).containsExactly("all[0, 10)=1");
        }
    }

    @Test
    @DisplayName("after a corrupted task a sorter forwards nothing that the watermark has not passed")
    void theSorter() throws Exception {
        var streams = EventTimeSorter.of(events, named("o"))
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .resultsPerCall(1)
                .storedIn(Stores.inMemoryKeyValueStore("o-waiting"))
                .sort();
        streams.sorted().to("results", Produced.with(Serdes.String(), Serdes.String()));
        streams.late().to("late", Produced.with(Serdes.String(), Serdes.String()));
        try (var driver = WindowsDriver.of(WindowsDriver.config(), builder.build())) {
            for (int i = 0; i < 3; i++) {
                driver.send("a", "k", 1);
            }
            driver.send("a", "k", 100);
            corrupted(driver);
            driver.results();
            for (int i = 0; i < 3; i++) {
                driver.send("a", "k", 1);
            }
            seconds(driver, 3);
            assertThat(driver.results()).as("the watermark is 1").isEmpty();
        }
    }

    /** The gap of the aborted transaction would be over a second before that of the one that runs, and end it. */
    @Test
    @DisplayName("after a corrupted task a resequencer counts a gap from where the task that runs has found it")
    void theResequencer() throws Exception {
        var streams = Resequencer.<String, String>of(events, named("o"))
                .sequence((key, value) -> Long.parseLong(value))
                .firstExpected(1)
                .gapBound(Duration.ofSeconds(3), 10)
                .onGap(GapPolicy.EMIT)
                .storedIn(Stores.inMemoryKeyValueStore("o-waiting"))
                .resequence();
        streams.resequenced().to("results", Produced.with(Serdes.String(), Serdes.String()));
        streams.gaps().to("late", Produced.with(Serdes.String(), Serdes.String()));
        try (var driver = WindowsDriver.of(WindowsDriver.config(), builder.build())) {
            driver.sendValue("a", "k", 1, "2");
            seconds(driver, 2);
            corrupted(driver);
            driver.sendValue("a", "k", 1, "2");
            seconds(driver, 2);
            assertThat(driver.results()).as("two seconds of three").isEmpty();
            driver.sendValue("a", "k", 1, "1");
            assertThat(driver.results()).containsExactly("1", "2");
        }
    }
}
