package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.internal.streams.StateWriting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Times that no window can have, in a topology: what is rejected for them moves nothing. */
@ParameterizedClass
@EnumSource(StateWriting.class)
class StreamsTimesTest {

    private static final Duration TICK = Duration.ofSeconds(1);

    @Parameter
    StateWriting writing;

    private static EventTimeWindows<String, String> reading(EventTimeWindows<String, String> windows) {
        return windows.timestamps((key, value) -> Long.parseLong(value));
    }

    private static void send(WindowsDriver driver, long... times) {
        for (long time : times) {
            driver.sendValue("a", "k", 1_000, Long.toString(time));
        }
    }

    /** Kafka's windows cannot begin there: they would have to go by the name of other windows. */
    @Test
    @DisplayName("an event with a window that begins before 1970 is rejected, and no window goes by a wrong name")
    void before1970() {
        assertThat(ofTwoSixAndThirty(windows -> windows)).containsExactly("P3 L0 R2", "k[0, 10)=2");
        assertThat(ofTwoSixAndThirty(windows -> windows.offset(Duration.ofMillis(3))))
                .containsExactly("P2 L0 R3", "k[3, 13)=1");
        assertThat(ofTwoSixAndThirty(windows -> windows.hopping(Duration.ofMillis(10), Duration.ofMillis(5))))
                .containsExactly("P2 L0 R3", "k[0, 10)=1", "k[5, 15)=1");
    }

    /** What became of those and of two before 1970, and the results. */
    private List<String> ofTwoSixAndThirty(UnaryOperator<EventTimeWindows<String, String>> shape) {
        try (var driver = WindowsDriver.counting(writing, windows -> shape.apply(reading(windows)))) {
            send(driver, -10_000, -1);
            assertThat(driver.rejected(Rejection.TIMESTAMP)).isEqualTo(2);
            assertThat(driver.report().watermark()).isEqualTo(Long.MIN_VALUE);
            send(driver, 2, 6, 30);
            var seen = new ArrayList<>(List.of(driver.dispositions()));
            seen.addAll(driver.results());
            return seen;
        }
    }

    @Test
    @DisplayName("a session before 1970 is rejected")
    void sessionsBefore1970() {
        var builder = new StreamsBuilder();
        var windows = EventTimeWindows.of(
                        builder.stream("events", Consumed.with(Serdes.String(), Serdes.String())),
                        Grouped.with("w", Serdes.String(), Serdes.String()))
                .sessions(Duration.ofMillis(10));
        WindowsDriver.write(reading(windows).count());
        try (var driver = WindowsDriver.of(WindowsDriver.config(), builder.build())) {
            send(driver, -5, 0, 4, 100);
            assertThat(driver.results()).containsExactly("k[0, 4)=2");
            driver.passes(TICK);
            assertThat(driver.metric("rejected-timestamp-total")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("case 8: before a repartitioning too, a time near the end of the range is rejected and moves nothing")
    void beforeRekey() {
        try (var driver = WindowsDriver.of(
                writing,
                StreamsTimesTest::reading,
                windows -> windows.rekey((key, value) -> key, Serdes.String())
                        .allowedLateness(Duration.ofMillis(1))
                        .count())) {
            send(driver, Long.MAX_VALUE - 3, -1, Long.MIN_VALUE, 5, 20);
            driver.passes(TICK);
            assertThat(driver.results()).containsExactly("k[0, 10)=1");
            assertThat(driver.late()).isEmpty();
            assertThat(driver.metric("rejected-timestamp-total", "w-rekey")).isEqualTo(3);
            assertThat(driver.metric("forwarded-total", "w-rekey")).isEqualTo(2);
            assertThat(driver.metric("rejected-total", "w")).isZero();
        }
    }
}
