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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stores of sessions as every version has written them. One that changes what is stored adds a file of its own, {@code
 * golden/sessions-vN.txt}, made by printing {@link #written()}, and leaves the others as they are. Version 1 had no panes,
 * version 2 a reason of rejection less.
 */
class GoldenSessionsTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final int NEWEST = 3;

    private static RestartableTask<String> task(int version) {
        return new RestartableTask<>(EventTimeProcessor.<String, String>named("w", Serdes.String())
                .sessions(Duration.ofMillis(10))
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .allowedLateness(Duration.ofMillis(5))
                .emission(version == 1 ? Emission.onClose() : Emission.inPanes())
                .resultsPerCall(1)
                .count());
    }

    /** Two sources, keys of which one begins as another, sessions that are due and not all out, a rejected record. */
    private static RestartableTask<String> begun(int version) {
        RestartableTask<String> task = task(version).start();
        task.send("a", "k", 3);
        task.send("b", "l", 4);
        task.send("a", "k", 18);
        task.send("b", "k\0", 9);
        task.send("a", "m", 16);
        task.send("a", "k", 40);
        task.send("b", "l", 19);
        task.send("b", null, 20);
        return task;
    }

    private static String written() {
        var lines = new StringBuilder();
        try (var task = begun(NEWEST)) {
            RestartableTask.content(task.windows).forEach((key, value) -> lines.append(line("windows", key, value)));
            RestartableTask.content(task.control).forEach((key, value) -> lines.append(line("control", key, value)));
        }
        return lines.toString();
    }

    private static String line(String store, Bytes key, byte[] value) {
        return store + " " + HEX.formatHex(key.get()) + " " + HEX.formatHex(value) + "\n";
    }

    private static String stored(int version) throws IOException {
        try (InputStream file = GoldenSessionsTest.class.getResourceAsStream("/golden/sessions-v" + version + ".txt")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @DisplayName("sessions of every version are taken up where they were left")
    void sessionsOfEveryVersion(int version) throws IOException {
        Map<Bytes, byte[]> windows = new TreeMap<>();
        Map<Bytes, byte[]> control = new TreeMap<>();
        stored(version)
                .lines()
                .map(line -> line.split(" ", -1))
                .forEach(parts -> (parts[0].equals("windows") ? windows : control)
                        .put(Bytes.wrap(HEX.parseHex(parts[1])), HEX.parseHex(parts[2])));
        try (var task = task(version).start();
                var undisturbed = begun(version)) {
            task.startAgain(windows, control);
            undisturbed.forwarded("results");
            for (var each : java.util.List.of(task, undisturbed)) {
                each.send("b", "k", 12);
                each.send("b", "k", 60);
                each.send("a", "k", 61);
                each.send("a", "k", 9);
                each.passes(1_000);
            }
            assertThat(task.forwarded("results")).isNotEmpty().isEqualTo(undisturbed.forwarded("results"));
            assertThat(RestartableTask.content(task.windows).keySet())
                    .isEqualTo(RestartableTask.content(undisturbed.windows).keySet());
        }
    }

    @Test
    @DisplayName("what is written today is what the newest version wrote")
    void nothingHasChangedWithoutANewVersion() throws IOException {
        assertThat(written()).isEqualTo(stored(NEWEST));
    }
}
