package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.engine.Emission;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stores as every version has written them. One that changes what is stored adds a file of its own, {@code golden/windows-vN.txt}, made by
 * printing {@link #written()}, and leaves the others as they are.
 */
class GoldenStoresTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final int NEWEST = 2;

    private static RestartableTask<String> task() {
        return new RestartableTask<>(EventTimeProcessor.<String, String>named("w", Serdes.String())
                .tumbling(Duration.ofMillis(10))
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .allowedLateness(Duration.ofMillis(5))
                .emission(Emission.inPanes())
                .resultsPerCall(1)
                .count());
    }

    /** Two sources, two keys, panes that are not all out, late and rejected records. */
    private static RestartableTask<String> begun() {
        RestartableTask<String> task = task().start();
        task.send("a", "k", 3);
        task.send("b", "l", 4);
        task.send("a", "m", 9);
        task.send("a", "k", 31);
        task.send("b", "k", 12);
        task.send("b", null, 12);
        return task;
    }

    private static String written() {
        var lines = new StringBuilder();
        try (var task = begun()) {
            RestartableTask.content(task.windows).forEach((key, value) -> lines.append(line("windows", key, value)));
            RestartableTask.content(task.control).forEach((key, value) -> lines.append(line("control", key, value)));
        }
        return lines.toString();
    }

    private static String line(String store, Bytes key, byte[] value) {
        return store + " " + HEX.formatHex(key.get()) + " " + HEX.formatHex(value) + "\n";
    }

    private static String stored(int version) throws IOException {
        try (InputStream file = GoldenStoresTest.class.getResourceAsStream("/golden/windows-v" + version + ".txt")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @DisplayName("stores of every version are taken up where they were left")
    void storesOfEveryVersion(int version) throws IOException {
        Map<Bytes, byte[]> windows = new TreeMap<>();
        Map<Bytes, byte[]> control = new TreeMap<>();
        stored(version)
                .lines()
                .map(line -> line.split(" ", -1))
                .forEach(parts -> (parts[0].equals("windows") ? windows : control)
                        .put(Bytes.wrap(HEX.parseHex(parts[1])), HEX.parseHex(parts[2])));
        try (var task = task().start();
                var undisturbed = begun()) {
            task.startAgain(windows, control);
            undisturbed.forwarded("results");
            for (var each : java.util.List.of(task, undisturbed)) {
                each.send("b", "k", 8);
                each.send("b", "k", 40);
                each.send("a", "k", 41);
                each.send("a", "k", 5);
            }
            assertThat(task.forwarded("results")).isEqualTo(undisturbed.forwarded("results"));
            assertThat(RestartableTask.content(task.windows).keySet())
                    .isEqualTo(RestartableTask.content(undisturbed.windows).keySet());
        }
    }

    @org.junit.jupiter.api.Test
    @DisplayName("what is written today is what the newest version wrote")
    void nothingHasChangedWithoutANewVersion() throws IOException {
        assertThat(written()).isEqualTo(stored(NEWEST));
    }
}
