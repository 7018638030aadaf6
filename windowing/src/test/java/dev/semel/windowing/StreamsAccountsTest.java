package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.Accounts;
import dev.semel.windowing.engine.OpenStateLimit;
import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import dev.semel.windowing.engine.OpenStateLimitException;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.engine.ResultKind;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Materialized;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases of accounts, in a topology: whatever a record is, it is counted once. */
@ParameterizedClass
@EnumSource(StateWriting.class)
class StreamsAccountsTest {

    private static final String SEED = "semel.seed";

    @Parameter
    StateWriting writing;

    private WindowsDriver counting(UnaryOperator<EventTimeWindows<String, String>> settings) {
        return WindowsDriver.counting(writing, settings);
    }

    @Test
    @DisplayName("case 50: the cap on open windows fails, closes the oldest or rejects")
    void aCapOnOpenWindows() {
        for (Beyond beyond : Beyond.values()) {
            try (var driver =
                    counting(windows -> windows.declare("a", "b").openState(OpenStateLimit.windows(3, beyond)))) {
                driver.send(1, 11, 21);
                if (beyond == Beyond.FAIL) {
                    assertThatThrownBy(() -> driver.send(31)).hasRootCauseInstanceOf(OpenStateLimitException.class);
                    continue;
                }
                driver.send(31);
                driver.send("b", "k", 2);
                assertThat(driver.dispositions()).isEqualTo(beyond == Beyond.SHED ? "P4 L0 R1" : "P4 L1 R0");
            }
        }
    }

    @Test
    @DisplayName("case 51: an event from the future is rejected, and closes nothing")
    void fromTheFuture() {
        try (var driver = counting(windows ->
                windows.timestamps((key, value) -> Long.parseLong(value)).futureGuard(Duration.ofMinutes(1)))) {
            driver.sendValue("a", "k", 5, Long.toString(Duration.ofDays(365_000).toMillis()));
            driver.send(3, 4, 11);
            assertThat(driver.results()).containsExactly("k[0, 10)=2");
            assertThat(driver.rejected(Rejection.FUTURE)).isEqualTo(1);
            assertThat(driver.dispositions()).isEqualTo("P3 L0 R1");
        }
    }

    @Test
    @DisplayName("case 54: a record without key is rejected, with the reason")
    void withoutKey() {
        try (var driver = counting(windows -> windows)) {
            driver.send("a", null, 5);
            assertThat(driver.rejected(Rejection.NULL_KEY)).isEqualTo(1);
            assertThat(driver.metric("rejected-null-key-total")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("case 54: nothing of a record without key is read before it is rejected")
    void withoutKeyNothingIsRead() {
        try (var driver = counting(windows -> windows.timestamps((key, value) -> Long.parseLong(key))
                .sources(SourceExtractor.value((key, value) -> key.substring(0, 1))))) {
            driver.send("a", null, 5);
            driver.send("a", "12", 5);
            assertThat(driver.rejected(Rejection.NULL_KEY)).isEqualTo(1);
            assertThat(driver.dispositions()).isEqualTo("P1 L0 R1");
        }
    }

    @Test
    @DisplayName("case 55: a hopping record that is partly late counts once")
    void partlyLate() {
        try (var driver = counting(windows -> windows.hopping(Duration.ofMillis(10), Duration.ofMillis(5)))) {
            driver.send(12, 15, 14);
            Accounts accounts = driver.accounts();
            assertThat(accounts.processed()).isEqualTo(3);
            assertThat(accounts.late()).isZero();
            assertThat(accounts.lateContributions()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("case 56: a late record keeps what it is, and says why it is late")
    void theLateOutput() {
        try (var driver = counting(windows -> windows)) {
            driver.send(25);
            driver.sendValue("a", "late key", 3, "late value");
            var late = driver.lateRecords().get(0);
            assertThat(late.key()).isEqualTo("late key");
            assertThat(late.value()).isEqualTo("late value");
            assertThat(late.timestamp()).isEqualTo(3);
            assertThat(WindowsDriver.header(late, WindowsDriver.SOURCE)).isEqualTo("a");
            assertThat(WindowsDriver.header(late, WindowHeaders.LATE_REASON)).isEqualTo("window_closed");
            assertThat(WindowsDriver.header(late, WindowHeaders.LATE_WATERMARK)).isEqualTo("25");
            assertThat(WindowsDriver.header(late, WindowHeaders.LATE_WINDOW)).isEqualTo("[0, 10)");
            assertThat(WindowsDriver.header(late, WindowHeaders.LATE_SOURCE)).isEqualTo("a");
        }
    }

    @Test
    @DisplayName("a result has the largest event time of its window as timestamp, and never one of the future")
    void timestampsOfResults() {
        try (var driver = counting(windows -> windows.timestamps((key, value) -> Long.parseLong(value)))) {
            driver.sendValue("a", "k", 5, "8");
            driver.sendValue("a", "k", 5, "3");
            long future = WindowsDriver.NOW.toEpochMilli() + 1_000_000;
            driver.sendValue("a", "k", 5, Long.toString(future));
            driver.sendValue("a", "k", 5, Long.toString(future + 100));
            assertThat(driver.resultRecords())
                    .extracting(record -> Instant.ofEpochMilli(record.timestamp()))
                    .containsExactly(Instant.ofEpochMilli(8), WindowsDriver.NOW);
        }
    }

    /** The handler passes over what failed, and the accounts have it; the accumulator is what it was. */
    @Test
    @DisplayName("an aggregator that throws rejects its record where the topology passes it over")
    void anAggregatorThatThrows() {
        try (var driver = WindowsDriver.of(WindowsDriver.passingOver(WindowsDriver.config()), failing())) {
            driver.sendValue("a", "k", 1, "one");
            driver.sendValue("a", "k", 2, "poison");
            driver.sendValue("a", "k", 3, "three");
            driver.sendValue("a", "k", 10, "next");
            assertThat(driver.results()).containsExactly("k[0, 10)=onethree");
            driver.passes(Duration.ofSeconds(1));
            assertThat(driver.metric("rejected-aggregate-failed-total")).isEqualTo(1);
            assertThat(driver.metric("processed-total")).isEqualTo(3);
        }
        try (var driver = WindowsDriver.of(WindowsDriver.config(), failing())) {
            assertThatThrownBy(() -> driver.sendValue("a", "k", 2, "poison"))
                    .isInstanceOf(StreamsException.class)
                    .hasRootCauseMessage("poison");
        }
    }

    private org.apache.kafka.streams.Topology failing() {
        return WindowsDriver.topology(
                writing,
                windows -> windows,
                windows -> windows.aggregate(
                        () -> "",
                        (key, value, all) -> {
                            if (value.equals("poison")) {
                                throw new IllegalArgumentException("poison");
                            }
                            return all + value;
                        },
                        Materialized.with(Serdes.String(), Serdes.String())));
    }

    @Test
    @DisplayName("cases 37, 52, 53 and 57: finals are those of a batch, each once, and accounts balance")
    void finalsAreThoseOfABatch() {
        long seed = Long.getLong(SEED, System.nanoTime());
        var random = new Random(seed);
        int bound = 20;
        try (var driver = counting(windows -> windows.declare("a", "b", "c")
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(bound)))
                .resultsPerCall(1 + random.nextInt(5))
                .heap(1 + random.nextInt(4_000)))) {
            Map<String, Integer> expected = new HashMap<>();
            long[] clocks = new long[3];
            for (int i = 0; i < 2_000; i++) {
                int source = random.nextInt(3);
                clocks[source] += random.nextInt(4);
                long timestamp = Math.max(0, clocks[source] - random.nextInt(bound));
                String key = "k" + random.nextInt(6);
                long start = timestamp - timestamp % 10;
                expected.merge(key + "[" + start + ", " + (start + 10) + ")", 1, Integer::sum);
                driver.send(String.valueOf("abc".charAt(source)), key, timestamp);
            }
            Accounts accounts = driver.accounts();
            Set<String> seen = new HashSet<>();
            int counted = 0;
            for (String result : driver.results()) {
                String window = result.substring(0, result.indexOf('='));
                int count = Integer.parseInt(result.substring(result.indexOf('=') + 1));
                assertThat(seen.add(window))
                        .as("seed %s: %s once", seed, window)
                        .isTrue();
                assertThat(count).as("seed %s: %s", seed, window).isEqualTo(expected.get(window));
                counted += count;
            }
            assertThat(counted + accounts.openContributions())
                    .as("seed %s", seed)
                    .isEqualTo(accounts.processed());
            assertThat(accounts.results(ResultKind.FINAL)).as("seed %s", seed).isEqualTo(seen.size());
            assertThat(accounts.ingested()).as("seed %s", seed).isEqualTo(2_000);
            assertThat(accounts.late()).as("seed %s", seed).isZero();
        }
    }
}
