package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.sequence.GapPolicy;
import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sorter and resequencer on stores that have something already, of today and of every version before. */
class OrderRestartTest {

    private static final HexFormat HEX = HexFormat.of();

    private static OrderProcessorSupplier<String, String> sorter() {
        return EventTimeSorter.named("o", Serdes.String(), Serdes.String())
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(5)))
                .processor("main", "first", "second");
    }

    private static OrderProcessorSupplier<String, String> resequencer() {
        return Resequencer.<String, String>named("o", Serdes.String(), Serdes.String())
                .sequence((key, value) -> Long.parseLong(value))
                .firstExpected(1)
                .gapBound(Duration.ofSeconds(10), 3)
                .onGap(GapPolicy.EMIT)
                .processor("main", "first", "second", "third");
    }

    @Test
    @DisplayName("sorter 29: restarted in the middle, by the same object or another, it goes on as if it had not been")
    void theSorterGoesOn() {
        try (var task = new RestartableOrder(sorter())) {
            task.send("a", "k", 20, "20");
            task.send("a", "k", 17, "17 first");
            Map<Bytes, byte[]> waiting = RestartableTask.content(task.waiting);
            Map<Bytes, byte[]> control = RestartableTask.content(task.control);
            task.send("a", "k", 40, "from a transaction that is aborted");
            assertThat(task.forwarded()).containsExactly("17 first", "20");
            task.startAgain(waiting, control);
            task.send("a", "k", 17, "17 second");
            task.restart(sorter(), 3_600_000);
            task.send("a", "k", 14, "late");
            assertThat(task.forwarded()).containsExactly("late");
            task.send("a", "k", 26, "26");
            assertThat(task.forwarded()).containsExactly("17 first", "17 second", "20");
        }
    }

    @Test
    @DisplayName("resequencer 18 and 19, in a task: time that has passed is kept, and an hour at once is a tick")
    void timeGoesOn() {
        try (var task = new RestartableOrder(resequencer())) {
            task.send("a", "k", 1, "2");
            for (int second = 0; second < 6; second++) {
                task.ticks(1_000);
            }
            task.restart(resequencer(), 3_600_000);
            task.ticks(3_600_000);
            task.ticks(1_000);
            task.ticks(1_000);
            assertThat(task.forwarded()).as("nine ticks").isEmpty();
            task.ticks(1_000);
            assertThat(task.forwarded()).containsExactly("2");
        }
    }

    @Test
    @DisplayName("sorter 17 and resequencer 23, in a task: the state of the other is refused by name")
    void stateOfTheOther() {
        try (var task = new RestartableOrder(sorter())) {
            task.send("a", "k", 20, "20");
            assertThatThrownBy(() -> task.restart(resequencer(), 0))
                    .isInstanceOf(IncompatibleStateException.class)
                    .hasMessageContaining("a sorter by event time");
        }
        try (var task = new RestartableOrder(resequencer())) {
            task.send("a", "k", 20, "20");
            assertThatThrownBy(() -> task.restart(sorter(), 0))
                    .isInstanceOf(IncompatibleStateException.class)
                    .hasMessageContaining("a resequencer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sorter", "resequencer"})
    @DisplayName("sorter 28, resequencer 36: what waits is in the store, and nothing of it on the heap")
    void whatWaitsIsNotOnTheHeap(String kind) {
        try (var task = new RestartableOrder(kind.equals("sorter") ? sorter() : holdingResequencer())) {
            task.send("a", "k", 1_000, "1");
            int count = 500;
            var values = new ArrayList<WeakReference<String>>();
            for (int i = 0; i < count; i++) {
                String value = Integer.toString(1_000 + i);
                values.add(new WeakReference<>(value));
                task.send("a", "k", 1_000, value);
            }
            assertThat(RestartableTask.content(task.waiting)).hasSizeGreaterThanOrEqualTo(count);
            Awaitility.await().untilAsserted(() -> {
                System.gc();
                assertThat(values.stream().filter(value -> value.get() != null))
                        .as("values that are still there")
                        .hasSizeLessThan(3);
            });
        }
    }

    private static OrderProcessorSupplier<String, String> holdingResequencer() {
        return Resequencer.<String, String>named("o", Serdes.String(), Serdes.String())
                .sequence((key, value) -> Long.parseLong(value))
                .firstExpected(1)
                .onGap(GapPolicy.HOLD)
                .processor("main", "first", "second", "third");
    }

    private static OrderProcessorSupplier<String, String> supplier(String kind) {
        return kind.equals("sorter") ? sorter() : resequencer();
    }

    /** Records that wait, with and without keys and values, and of both sides of 1970's beginning of numbers. */
    private static RestartableOrder begun(String kind) {
        var task = new RestartableOrder(supplier(kind));
        if (kind.equals("sorter")) {
            task.send("a", "k", 100, "100");
            task.send("b", null, 98, "98");
            task.send("b", "k", 99, null);
            task.send("a", "k", 1, "late");
        } else {
            task.send("a", "k", 5, "1");
            task.send("a", "k", 5, "3");
            task.send("a", "l", 6, "2");
            task.ticks(1_000);
            task.send("a", "l", 6, "0");
            task.send("a", "l", 7, "5");
        }
        task.forwarded();
        return task;
    }

    private static String written(String kind) {
        var lines = new StringBuilder();
        try (var task = begun(kind)) {
            RestartableTask.content(task.waiting).forEach((key, value) -> lines.append(line("waiting", key, value)));
            RestartableTask.content(task.control).forEach((key, value) -> lines.append(line("control", key, value)));
        }
        return lines.toString();
    }

    private static String line(String store, Bytes key, byte[] value) {
        return store + " " + HEX.formatHex(key.get()) + " " + HEX.formatHex(value) + "\n";
    }

    private static String stored(String kind, int version) throws IOException {
        try (InputStream file =
                OrderRestartTest.class.getResourceAsStream("/golden/" + kind + "-v" + version + ".txt")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({"sorter, 2", "resequencer, 1"})
    @DisplayName("sorter 30, resequencer 34: what is written today is what the newest version wrote")
    void nothingHasChangedWithoutANewVersion(String kind, int newest) throws IOException {
        assertThat(written(kind)).isEqualTo(stored(kind, newest));
    }

    @ParameterizedTest
    @CsvSource({"sorter, 1", "sorter, 2", "resequencer, 1"})
    @DisplayName("sorter 31, resequencer 35: stores of every version are taken up where they were left")
    void storesOfEveryVersion(String kind, int version) throws IOException {
        Map<Bytes, byte[]> waiting = new TreeMap<>();
        Map<Bytes, byte[]> control = new TreeMap<>();
        stored(kind, version)
                .lines()
                .map(line -> line.split(" ", -1))
                .forEach(parts -> (parts[0].equals("waiting") ? waiting : control)
                        .put(Bytes.wrap(HEX.parseHex(parts[1])), HEX.parseHex(parts[2])));
        try (var task = new RestartableOrder(supplier(kind))) {
            task.startAgain(waiting, control);
            if (kind.equals("sorter")) {
                task.send("a", "k", 200, "200");
                task.send("b", "k", 200, "200");
                assertThat(task.forwarded()).containsExactly("98", "null", "100");
            } else {
                task.send("a", "k", 9, "2");
                assertThat(task.forwarded()).containsExactly("2", "3");
                for (int second = 0; second < 9; second++) {
                    task.ticks(1_000);
                }
                assertThat(task.forwarded())
                        .as("l has waited for a second before")
                        .containsExactly("2");
                task.ticks(1_000);
                assertThat(task.forwarded()).containsExactly("5");
            }
        }
    }

    /** Prints what is to be kept as a golden file when a version is new: the kind is the argument. */
    public static void main(String[] args) {
        System.out.print(written(args[0]));
    }
}
