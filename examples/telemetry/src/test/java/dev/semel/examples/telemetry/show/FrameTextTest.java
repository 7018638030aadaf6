package dev.semel.examples.telemetry.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.telemetry.application.Names;
import dev.semel.examples.telemetry.application.Status;
import dev.semel.examples.telemetry.application.Summary;
import dev.semel.examples.telemetry.input.IncidentLines;
import dev.semel.examples.telemetry.run.Books;
import dev.semel.examples.telemetry.run.Frame;
import dev.semel.examples.telemetry.run.RunSettings;
import dev.semel.examples.telemetry.run.WindowRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FrameTextTest {

    private static final long C = 1705544100000L;
    private static final int MINUTE = 60_000;

    private static List<String> lines(int columns, Optional<Status> status) {
        var settings = new RunSettings(
                "A, B and C",
                new IncidentLines(1, 4, 15),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofHours(1),
                List.of(),
                true,
                false,
                true,
                Optional.empty(),
                new Names("t"),
                Path.of("."));
        var windows = new TreeMap<Long, WindowRow>();
        windows.put(C, new WindowRow(1, new Summary(7, 0, 0, 0), 0, 0));
        windows.put(C + MINUTE, new WindowRow(0, Summary.NONE, 0, 3));
        var books = new Books(10, 0, 0, Map.of(), windows, List.of());
        return new FrameText(settings, columns).lines(new Frame(1.5, 11, 20, status, books));
    }

    private static Status status(Map<String, Long> marks, Long watermark) {
        return new Status("RUNNING", watermark, marks, 1, 10, 0, 0);
    }

    @Test
    void theSlowestSourceHoldsTheWatermarkAndComesFirst() {
        List<String> lines = lines(80, Optional.of(status(Map.of("A", C + 7 * MINUTE, "C", C + MINUTE), C + MINUTE)));

        assertThat(lines).anySatisfy(line -> assertThat(line).contains("C ", "02:16:00", "holds W"));
        assertThat(lines)
                .anySatisfy(line ->
                        assertThat(line).contains("A ", "02:22:00", "6:00 min").doesNotContain("holds W"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("#", ".", "1 closed, 1 open"));
        assertThat(lines).contains("  11 = 7 counted + 3 open + 0 late + 0 rejected + 1 on their way");
    }

    @Test
    void whileASourceHasNotReportedTheWatermarkWaits() {
        assertThat(lines(80, Optional.of(status(Map.of("A", C), null))))
                .anySatisfy(line -> assertThat(line).contains("not every source has reported"));
    }

    @Test
    void noLineIsWiderThanTheTerminalAndNamesCannotDrawOnIt() {
        var marks = Map.of("A\u001b[2J", C, "a source with a long name", C + 400L * 24 * 60 * MINUTE);
        List<String> lines = lines(60, Optional.of(status(marks, C)));

        // But for what switches bold on and off.
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.replaceAll("\u001b\\[\\d+m", ""))
                        .hasSizeLessThanOrEqualTo(60)
                        .doesNotContain("\u001b"));
    }
}
