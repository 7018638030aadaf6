package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.OpenStateLimit;
import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import dev.semel.windowing.engine.OpenStateLimitException;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.internal.streams.StateWriting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A topology that passes over what throws: each record is in an account, and nothing is half done. */
@ParameterizedClass
@EnumSource(StateWriting.class)
class StreamsPassedOverTest {

    private static final Duration TICK = Duration.ofSeconds(1);

    @Parameter
    StateWriting writing;

    @Test
    @DisplayName("a record whose time or source cannot be read is rejected, and moves nothing")
    void unreadableRecords() {
        UnaryOperator<EventTimeWindows<String, String>> reading =
                windows -> windows.timestamps((key, value) -> Long.parseLong(value.substring(1)))
                        .sources(SourceExtractor.value((key, value) -> value.substring(0, 1)));
        try (var driver = WindowsDriver.passingOver(writing, reading, EventTimeWindows::count)) {
            driver.sendValue("", "k", 1, "a5");
            driver.sendValue("", "k", 1, "a-hundred");
            driver.sendValue("", "k", 1, "");
            driver.sendValue("", "k", 1, null);
            driver.sendValue("", "k", 1, "a7");
            driver.sendValue("", "k", 1, "a10");
            assertThat(driver.results()).containsExactly("k[0, 10)=2");
            assertThat(driver.rejected(Rejection.UNREADABLE)).isEqualTo(3);
            assertThat(driver.metric("rejected-unreadable-total")).isEqualTo(3);
            assertThat(driver.accounts().ingested()).isEqualTo(6);
        }
        try (var driver = WindowsDriver.of(writing, reading, EventTimeWindows::count)) {
            assertThatThrownBy(() -> driver.sendValue("", "k", 1, "a-hundred"))
                    .isInstanceOf(StreamsException.class)
                    .hasRootCauseInstanceOf(NumberFormatException.class)
                    .hasStackTraceContaining("the time of an event");
        }
    }

    @Test
    @DisplayName("the same before a repartitioning, also where there is no new key to be had")
    void unreadableRecordsBeforeRekey() {
        try (var driver = WindowsDriver.passingOver(
                writing,
                windows -> windows.timestamps((key, value) -> Long.parseLong(value.substring(2)))
                        .sources(SourceExtractor.value((key, value) -> value.substring(1, 2))),
                windows -> windows.rekey((key, value) -> value.substring(0, 1), Serdes.String())
                        .count())) {
            for (String value : List.of("xa5", "", "x", "xa-hundred", "xa10")) {
                driver.sendValue("", "k", 1, value);
            }
            driver.passes(TICK);
            assertThat(driver.results()).containsExactly("x[0, 10)=1");
            assertThat(driver.metric("rejected-unreadable-total", "w-rekey")).isEqualTo(3);
            assertThat(driver.metric("forwarded-total", "w-rekey")).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("case 50: a limit that fails stops the task, so that no record is passed over for it")
    void theLimitFails() {
        try (var driver = WindowsDriver.passingOver(
                writing,
                windows -> windows.declare("a", "b").openState(OpenStateLimit.windows(3, Beyond.FAIL)),
                EventTimeWindows::count)) {
            driver.send(1, 11, 21);
            assertThatThrownBy(() -> driver.send(31))
                    .isInstanceOf(Error.class)
                    .hasCauseInstanceOf(OpenStateLimitException.class)
                    .hasMessageContaining("w stops at its limit")
                    .hasMessageContaining("SHED");
            assertThat(driver.dispositions()).isEqualTo("P3 L0 R0");
            assertThat(driver.stored()).hasSize(3);
        }
    }

    /** Where a sink is the processor's own child, no node in between asks the handler. */
    @Test
    @DisplayName("a sink that throws on a result stops the task, so that no window is half closed")
    void aSinkThatThrows() {
        var topology = new Topology();
        topology.addSource(
                "events", Serdes.String().deserializer(), Serdes.String().deserializer(), "events");
        EventTimeProcessor<String, String> windows =
                EventTimeProcessor.<String, String>named("w", Serdes.String()).tumbling(Duration.ofMillis(10));
        if (writing == StateWriting.BACK) {
            windows.writeBeforeCommit();
        }
        topology.addProcessor("w", windows.count().forwardingTo("results", "late"), "events");
        topology.addSink(
                "results",
                "results",
                (topic, key) -> {
                    throw new IllegalArgumentException("no bytes");
                },
                Serdes.Long().serializer(),
                "w");
        topology.addSink(
                "late", "late", Serdes.String().serializer(), Serdes.String().serializer(), "w");
        try (var driver = WindowsDriver.of(WindowsDriver.passingOver(WindowsDriver.config()), topology)) {
            driver.send(5);
            assertThatThrownBy(() -> driver.send(10))
                    .isInstanceOf(Error.class)
                    .hasMessageContaining("w broke off in the middle of a record");
        }
    }

    /** Several records to a commit, so that the accumulator on the heap is the only one there is of its latest state. */
    @Test
    @DisplayName("an aggregate that throws half way leaves the accumulator as it was")
    void halfWay() {
        var random = new Random(5);
        try (var driver = changingInPlace(windows -> windows.allowedLateness(Duration.ofMillis(10)))) {
            Map<String, String> expected = new TreeMap<>();
            for (int commit = 0; commit < 50; commit++) {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    boolean isPoison = random.nextInt(3) == 0;
                    long time = 20 + commit * 3L + random.nextInt(4);
                    String value = "a" + time + (isPoison ? "!" : "");
                    values.add(value);
                    if (!isPoison) {
                        for (long start = time - time % 10; start > time - 20; start -= 10) {
                            expected.merge(String.format("k[%d, %d)", start, start + 20), value + ";", String::concat);
                        }
                    }
                }
                driver.sendValue(null, "k", commit, String.join(",", values));
            }
            driver.sendValue(null, "k", 0, "a1000");
            List<String> finals = expected.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .toList();
            assertThat(driver.results()).containsExactlyInAnyOrderElementsOf(finals);
        }
    }

    @Test
    @DisplayName("a record for which there is no room leaves nothing in the windows that were open before")
    void noRoom() {
        try (var driver = changingInPlace(
                windows -> windows.declare("a", "b").openState(OpenStateLimit.windows(3, Beyond.SHED)))) {
            driver.sendValue(null, "k", 0, "a25,a35,a45 for which there is no room,b39,b45,a45,a50,b50");
            assertThat(driver.results())
                    .containsExactly("k[10, 30)=a25;", "k[20, 40)=a25;a35;b39;", "k[30, 50)=a35;b39;b45;a45;");
        }
    }

    /** Values that are a source and a time, several in a record. */
    private WindowsDriver changingInPlace(UnaryOperator<EventTimeWindows<String, String>> settings) {
        Serde<StringBuilder> serde = Serdes.serdeFrom(
                (topic, text) -> Serdes.String().serializer().serialize(topic, text.toString()),
                (topic, bytes) ->
                        new StringBuilder(Serdes.String().deserializer().deserialize(topic, bytes)));
        var builder = new StreamsBuilder();
        var windows = EventTimeWindows.of(
                        builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()))
                                .flatMapValues(values -> List.of(values.split(","))),
                        Grouped.with("w", Serdes.String(), Serdes.String()))
                .timestamps((key, value) -> Long.parseLong(value.substring(1).split("[! ]")[0]))
                .sources(SourceExtractor.value((key, value) -> value.substring(0, 1)))
                .hopping(Duration.ofMillis(20), Duration.ofMillis(10));
        if (writing == StateWriting.BACK) {
            windows.writeBeforeCommit();
        }
        WindowsDriver.write(settings.apply(windows)
                .aggregate(
                        StringBuilder::new,
                        (key, value, all) -> {
                            all.append(value);
                            if (value.endsWith("!")) {
                                throw new IllegalArgumentException("poison");
                            }
                            return all.append(';');
                        },
                        Materialized.with(Serdes.String(), serde)));
        return WindowsDriver.of(WindowsDriver.passingOver(WindowsDriver.config()), builder.build());
    }
}
