package dev.semel.examples.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command refuses before it starts anything. */
class TelemetryTest {

    private static final String SAMPLE = "sample-readings.csv";

    @TempDir
    private Path directory;

    private record Run(int code, String errors) {}

    private static Run run(String... arguments) {
        PrintStream before = System.err;
        var errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            return new Run(Telemetry.execute(arguments), errors.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    --colour red                     | Unknown options: '--colour', 'red'
                    --minutes 3                      | --minutes 3 must be 4 to 600
                    --speed 0                        | --speed 0 must be 1 to 1000
                    --window 0s                      | --window PT0S must be 1ms to 3650d
                    --window soon                    | 'soon' is no duration: write 500ms, 30s, 5m, 2h or 1d
                    --lateness PT-1S                 | --lateness PT-1S must be 0s to 3650d
                    --idleness 1ms                   | --idleness PT0.001S must be 500ms to 3650d
                    --bootstrap-servers there        | --bootstrap-servers 'there' must be HOST:PORT
                    --chart picture.jpeg             | --chart picture.jpeg must end in .svg or .png
                    --at-end never                   | expected one of [CLOSE, REPORT]
                    --columns time=a                 | --columns says how a file is read or sent: give one with --input
                    --rate 5                         | --rate says how a file is read or sent: give one with --input
                    --input sample-readings.csv --seed 4             | --seed is for readings that are made up
                    --input sample-readings.csv --rate 0             | --rate 0 must be 0.001 to 10000000
                    --input sample-readings.csv --time-unit ns       | --time-unit 'ns' must be auto, iso, s, ms or us
                    --input sample-readings.csv --delimiter ::       | --delimiter '::' must be one character
                    --input sample-readings.csv --columns time=time  | --columns: 'source=' is missing: say which column is the source
                    --input sample-readings.csv --columns when=time  | --columns: 'when=time' must be time=NAME, source=NAME
                    """)
    void wrongOptionsExitWithTwoAndSayWhatToDo(String options, String expected) {
        Run run = run(options.split(" +"));

        assertThat(run.code()).as(run.errors()).isEqualTo(Telemetry.WRONG_USAGE);
        assertThat(run.errors()).contains(expected).contains("--help tells more.");
    }

    @Test
    void aFileThatCannotBeUsedExitsWithTwoAndSaysWhatToDo() throws Exception {
        assertThat(run("--input", "nowhere.csv"))
                .isEqualTo(new Run(
                        Telemetry.WRONG_USAGE,
                        "input file nowhere.csv does not exist: give the path of one with --input"
                                + System.lineSeparator()));
        assertThat(run("--input", directory.toString()).errors()).contains("is a directory");

        Path empty = Files.createFile(directory.resolve("empty.csv"));
        assertThat(run("--input", empty.toString()).errors()).contains("is empty");

        Run columns = run("--input", SAMPLE, "--columns", "time=when,source=source,key=key");
        assertThat(columns.code()).isEqualTo(Telemetry.WRONG_USAGE);
        assertThat(columns.errors())
                .contains("has no column 'when'; its first line names time, source, key, value")
                .contains("--columns");

        Path torn = directory.resolve("torn.csv.gz");
        Files.write(torn, new byte[] {0x1f, (byte) 0x8b, 8, 0});
        assertThat(run("--input", torn.toString()).errors()).contains("torn.csv.gz cannot be read");
    }

    @Test
    void helpTellsOfAllOptionsAndExitCodes() {
        PrintStream before = System.out;
        var out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(Telemetry.execute("--help")).isZero();
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("--input", "--columns", "--time-unit", "--at-end", "kill", "--bootstrap-servers", "--chart")
                .contains("Exit codes:");
    }
}
