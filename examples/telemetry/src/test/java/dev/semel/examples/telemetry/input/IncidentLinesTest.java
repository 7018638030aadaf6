package dev.semel.examples.telemetry.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.semel.examples.telemetry.reading.LineReader;
import dev.semel.examples.telemetry.reading.Reading;
import dev.semel.examples.telemetry.reading.UnreadableLineException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncidentLinesTest {

    private static List<Reading> readings(IncidentLines lines) {
        var reader = new LineReader(lines.format());
        var readings = new ArrayList<Reading>();
        lines.lines().forEachRemaining(line -> {
            try {
                readings.add(reader.read(line.line()));
            } catch (UnreadableLineException e) {
                // Some are broken on purpose.
            }
        });
        return readings;
    }

    @Test
    void theSourcesBeginWithTheIncidentsClocks() {
        List<Reading> readings = readings(new IncidentLines(1, 4, 15));

        assertThat(readings.subList(0, 3))
                .extracting(Reading::source, Reading::time)
                .containsExactly(tuple("A", 1705544400000L), tuple("B", 1705544520000L), tuple("C", 1705544100000L));
        assertThat(readings).extracting(Reading::time).contains(1705544150000L, 1705544160000L);
    }

    @Test
    void theSameSeedGivesTheSame() {
        assertThat(readings(new IncidentLines(7, 4, 15)).equals(readings(new IncidentLines(7, 4, 1000))))
                .isTrue();
        assertThat(readings(new IncidentLines(7, 4, 15)).equals(readings(new IncidentLines(8, 4, 15))))
                .isFalse();
    }

    @Test
    void linesComeInTheOrderInWhichTheyArriveAndCIsSilentForATime() {
        var lines = new IncidentLines(1, 10, 1);
        var reader = new LineReader(lines.format());
        long before = 0;
        var times = new ArrayList<Long>();
        for (var all = lines.lines(); all.hasNext(); ) {
            TimedLine line = all.next();
            assertThat(line.atMillis()).isGreaterThanOrEqualTo(before);
            before = line.atMillis();
            try {
                if ("C".equals(reader.read(line.line()).source())) {
                    times.add(line.atMillis());
                }
            } catch (UnreadableLineException e) {
                // Some are broken on purpose.
            }
        }
        assertThat(times)
                .noneMatch(at -> at > 180_000 && at < 300_000)
                .filteredOn(at -> at == 300_000)
                .hasSizeGreaterThan(200);
    }
}
