package dev.semel.examples.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.JavaProcess;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The whole command, as a process, with what it writes. */
final class TelemetryProcess implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(180);

    private final JavaProcess process;

    TelemetryProcess(JavaProcess process) {
        this.process = process;
    }

    TelemetryProcess awaitOutput(String text) {
        process.awaitOutput(text, DEADLINE);
        return this;
    }

    /** Ends it as Ctrl-C does: its shutdown hooks run. */
    void interrupt() {
        process.stop(DEADLINE);
    }

    /** Waits for its end, and tells all that it has written. */
    String awaitExit(int code) {
        assertThat(process.awaitExit(DEADLINE)).as(process.output()).isEqualTo(code);
        return process.output();
    }

    /** The number behind a name at the start of a line of the accounts. */
    static long number(String output, String name) {
        Matcher matcher = Pattern.compile("(?m)^" + Pattern.quote(name) + " +([\\d,]+)(?: .*)?$")
                .matcher(output);
        assertThat(matcher.find()).as("'%s' in %s", name, output).isTrue();
        return Long.parseLong(matcher.group(1).replace(",", ""));
    }

    /** The windows of the table: begin, readings, results, late, open. */
    static List<String> windows(String output) {
        return output.lines()
                .filter(line -> line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d .*"))
                .map(line -> line.split(" +"))
                .map(parts -> String.join(" ", parts[1], parts[2], parts[6], parts[7], parts[8]))
                .toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
