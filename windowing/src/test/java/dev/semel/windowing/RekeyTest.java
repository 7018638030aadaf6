package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changed keys take sources and watermarks along. What takes more than one partition is in {@link RekeyIT}. */
@ParameterizedClass
@EnumSource(StateWriting.class)
class RekeyTest {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final String ONE_OF_TWO_AT_ZERO_IDLE = "0102040002";
    private static final String ONE_OF_TWO_AT_25 = "0102043200";

    @Parameter
    StateWriting writing;

    /** By the first letter of the value. */
    private WindowsDriver rekeyed() {
        return WindowsDriver.of(
                writing,
                windows -> windows.declare("a", "b"),
                windows -> windows.rekey(
                                (key, value) -> value == null || value.isEmpty() ? null : value.substring(0, 1),
                                Serdes.String())
                        .count());
    }

    @Test
    @DisplayName("behind a repartitioning the slowest source still decides, and keys are the new ones")
    void sourcesGoAlong() {
        try (var driver = rekeyed()) {
            driver.sendValue("a", "old", 100, "x1");
            driver.sendValue("b", "old", 5, "x2");
            driver.sendValue("b", "old", 7, "y1");
            driver.passes(TICK);
            assertThat(driver.results()).isEmpty();
            driver.sendValue("b", "old", 20, "x3");
            driver.passes(TICK);
            assertThat(driver.results()).containsExactly("x[0, 10)=1", "y[0, 10)=1");
            driver.sendValue("a", "old", 9, "late");
            var late = driver.lateRecords().get(0);
            assertThat(late.key()).isEqualTo("l");
            assertThat(late.timestamp()).isEqualTo(9);
            assertThat(WindowsDriver.header(late, WindowHeaders.LATE_SOURCE)).isEqualTo("a");
            assertThat(late.headers().toArray())
                    .extracting(org.apache.kafka.common.header.Header::key)
                    .doesNotContain("semel_stamp");
        }
    }

    /** Which is what a partition says when all of its sources are idle. The other partition before is a hand that writes to the topic. */
    @Test
    @DisplayName("case 30: a partition before that is finished is left out, and not taken for infinitely far")
    void aFinishedPartition() {
        try (var driver = WindowsDriver.of(
                writing,
                windows -> windows.declare("a"),
                windows -> windows.rekey((key, value) -> value.substring(0, 1), Serdes.String(), 2, 1)
                        .count())) {
            driver.sendValue("a", "old", 5, "x1");
            driver.sendValue("a", "old", 20, "x2");
            driver.passes(TICK);
            assertThat(driver.results()).as("the other has said nothing").isEmpty();
            mark(driver, ONE_OF_TWO_AT_ZERO_IDLE);
            driver.passes(TICK);
            assertThat(driver.results()).containsExactly("x[0, 10)=1");
            assertThat(driver.report().watermark()).isEqualTo(20);
            mark(driver, ONE_OF_TWO_AT_25);
            driver.sendValue("a", "old", 40, "x3");
            driver.passes(TICK);
            driver.passes(TICK);
            assertThat(driver.report().watermark()).as("it has come back").isEqualTo(25);
        }
    }

    @Test
    @DisplayName("case 26: behind a repartitioning, too, the last windows close when all are idle, if they are to")
    void allPartitionsAreIdle() {
        try (var driver = WindowsDriver.of(
                writing,
                windows -> windows.declare("a")
                        .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO)
                                .withIdleness(Duration.ofSeconds(3))
                                .withFlushWhenAllIdle())
                        .lag(InputLag.none()),
                windows -> windows.rekey((key, value) -> value.substring(0, 1), Serdes.String(), 2, 1)
                        .count())) {
            driver.sendValue("a", "old", 5, "x1");
            driver.sendValue("a", "old", 20, "x2");
            for (int second = 0; second < 6; second++) {
                driver.passes(TICK);
            }
            assertThat(driver.results()).as("the other has said nothing").isEmpty();
            mark(driver, ONE_OF_TWO_AT_ZERO_IDLE);
            driver.passes(TICK);
            assertThat(driver.results()).containsExactly("x[0, 10)=1");
        }
    }

    private static void mark(WindowsDriver driver, String marker) {
        var headers = new RecordHeaders().add("semel_marker", new byte[] {1});
        driver.driver()
                .createInputTopic("app-w-rekeyed-repartition", new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(HexFormat.of().parseHex(marker), null, headers, 0L));
    }

    @Test
    @DisplayName("a record without a new key is rejected and counted, which a repartitioning alone would not")
    void withoutKey() {
        try (var driver = rekeyed()) {
            driver.sendValue("a", "old", 5, "");
            driver.sendValue("a", null, 5, "x");
            driver.passes(TICK);
            assertThat(driver.metric("rejected-null-key-total", "w-rekey")).isEqualTo(1);
            assertThat(driver.metric("forwarded-total", "w-rekey")).isEqualTo(1);
            assertThat(driver.metric("processed-total", "w")).isEqualTo(1);
            assertThat(driver.metric("rejected-total", "w")).isZero();
        }
    }

    @Test
    @DisplayName("the future guard judges before the keys are changed")
    void theFutureGuard() {
        try (var driver = WindowsDriver.of(
                writing,
                windows -> windows.timestamps((key, value) -> Long.parseLong(value))
                        .futureGuard(Duration.ofMinutes(1)),
                windows -> windows.rekey((key, value) -> "n", Serdes.String()).count())) {
            driver.sendValue("a", "old", 5, Long.toString(1L << 50));
            driver.sendValue("a", "old", 5, "7");
            driver.passes(TICK);
            assertThat(driver.metric("rejected-" + word(Rejection.FUTURE) + "-total", "w-rekey"))
                    .isEqualTo(1);
            assertThat(driver.metric("processed-total", "w")).isEqualTo(1);
        }
    }

    /** Before the keys are changed, or it would take its source, and so the watermark of all, to the end of time. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE - 3, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 3})
    @DisplayName("a time that no window can hold is rejected, and moves nothing")
    void aTimeThatNoWindowCanHold(long time) {
        try (var driver = WindowsDriver.of(
                writing,
                windows -> windows.timestamps((key, value) -> Long.parseLong(value)),
                windows -> windows.rekey((key, value) -> "n", Serdes.String()).count())) {
            driver.sendValue("a", "old", 5, Long.toString(time));
            driver.sendValue("a", "old", 5, "5");
            driver.sendValue("a", "old", 5, "10");
            driver.passes(TICK);
            assertThat(driver.metric("rejected-timestamp-total", "w-rekey")).isEqualTo(1);
            assertThat(driver.lateRecords()).isEmpty();
            assertThat(driver.results()).containsExactly("n[0, 10)=1");
        }
    }

    @Test
    @DisplayName("windows that are said behind rekey(...), and sessions, judge times before it too")
    void windowsThatAreSaidLater() {
        for (UnaryOperator<EventTimeWindows<String, String>> later :
                List.<UnaryOperator<EventTimeWindows<String, String>>>of(
                        windows -> windows.tumbling(Duration.ofMillis(20)),
                        windows -> windows.sessions(Duration.ofMillis(20)))) {
            var builder = new StreamsBuilder();
            var windows = EventTimeWindows.of(
                            builder.stream("events", Consumed.with(Serdes.String(), Serdes.String())),
                            Grouped.with("w", Serdes.String(), Serdes.String()))
                    .timestamps((key, value) -> Long.parseLong(value))
                    .rekey((key, value) -> "n", Serdes.String());
            WindowsDriver.write(later.apply(windows).count());
            try (var driver = WindowsDriver.of(WindowsDriver.config(), builder.build())) {
                driver.sendValue("a", "old", 5, Long.toString(Long.MAX_VALUE - 5));
                driver.sendValue("a", "old", 5, "5");
                driver.passes(TICK);
                assertThat(driver.metric("rejected-timestamp-total", "w-rekey")).isEqualTo(1);
                assertThat(driver.metric("processed-total", "w")).isEqualTo(1);
            }
        }
    }

    private static String word(Rejection reason) {
        return reason.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Test
    @DisplayName("what is about the records as they come is said before their keys are changed")
    void orderOfSettings() {
        var stream = new StreamsBuilder().stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        var named = Grouped.with("w", Serdes.String(), Serdes.String());
        var rekeyed = EventTimeWindows.of(stream, named).rekey((key, value) -> value, Serdes.String());
        assertThatThrownBy(() -> rekeyed.watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before rekey");
        assertThatThrownBy(() -> EventTimeWindows.of(stream, named).rekey((key, value) -> value, Serdes.String(), 4, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give both");
        assertThatThrownBy(() ->
                        EventTimeWindows.of(stream, Grouped.as("w")).rekey((key, value) -> value, Serdes.String()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("serde");
    }
}
