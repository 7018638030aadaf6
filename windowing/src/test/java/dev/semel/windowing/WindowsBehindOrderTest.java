package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.sequence.GapPolicy;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator before releases at a tick was read from nowhere. It holds no window. */
class WindowsBehindOrderTest {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final WatermarkStrategy IN_ORDER = WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO);

    private static KStream<String, String> events(StreamsBuilder builder) {
        return builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
    }

    private static EventTimeWindows<String, String> windows(KStream<String, String> stream) {
        return EventTimeWindows.of(stream, Grouped.with("w", Serdes.String(), Serdes.String()))
                .tumbling(Duration.ofMillis(10));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000})
    void windowsBehindASorterClose(int resultsPerCall) {
        var builder = new StreamsBuilder();
        var sorted = EventTimeSorter.of(events(builder), Grouped.with("o", Serdes.String(), Serdes.String()))
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .resultsPerCall(resultsPerCall)
                .sort();
        WindowsDriver.write(windows(sorted.sorted()).count());
        try (var driver = WindowsDriver.of(WindowsDriver.config(), builder.build())) {
            driver.send("a", "k", 1);
            driver.send("a", "k", 1);
            driver.send("a", "k", 1);
            driver.send("a", "k", 2);
            // Of one at a time, one goes out with the record, and two at the tick.
            driver.passes(TICK);
            for (long time = 3; time < 1_000; time += 5) {
                driver.send("a", "k", time);
            }
            assertThat(driver.results()).as("of a hundred windows").hasSizeGreaterThan(50);
        }
    }

    private static WindowsDriver resequenced(UnaryOperator<EventTimeWindows<String, String>> settings) {
        var builder = new StreamsBuilder();
        var inOrder = Resequencer.<String, String>of(
                        events(builder), Grouped.with("o", Serdes.String(), Serdes.String()))
                .sequence((key, value) -> Long.parseLong(value))
                .firstExpected(1)
                .gapBound(Duration.ofSeconds(1), 10)
                .onGap(GapPolicy.EMIT)
                .resequence();
        WindowsDriver.write(settings.apply(windows(inOrder.resequenced())).count());
        return WindowsDriver.of(WindowsDriver.config(), builder.build());
    }

    /** With a gap, the first that comes at all is released by a tick. */
    private static void sends(WindowsDriver driver, boolean hasGap) {
        driver.sendValue("a", "gap", 1, hasGap ? "2" : "1");
        driver.passes(TICK);
        driver.passes(TICK);
        for (int i = 1; i < 20; i++) {
            driver.sendValue("a", "k", 10L * i, Integer.toString(i));
            driver.passes(TICK);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void windowsByPartitionBehindAResequencerClose(boolean hasGap) {
        try (var driver = resequenced(windows -> windows)) {
            sends(driver, hasGap);
            assertThat(driver.results()).hasSizeGreaterThan(10);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void windowsByIdBehindAResequencerHaveIdleSources(boolean hasGap) {
        try (var driver = resequenced(windows -> windows.declare("a", "silent")
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .watermarks(IN_ORDER.withIdleness(Duration.ofSeconds(3)))
                .lag(input -> input.equals("events-0") ? 0 : InputLag.UNKNOWN))) {
            sends(driver, hasGap);
            assertThat(driver.results())
                    .as("silent is silent, and all that is read is read")
                    .isNotEmpty();
        }
    }
}
