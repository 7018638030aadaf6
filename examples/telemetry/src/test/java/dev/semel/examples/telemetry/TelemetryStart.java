package dev.semel.examples.telemetry;

import dev.semel.testkit.JavaProcess;
import java.nio.file.Path;

/** Where a run is started: with which broker, and on what. */
final class TelemetryStart {

    private final JavaProcess.Builder process;

    private TelemetryStart(JavaProcess.Builder process, Path charts) {
        this.process = process.args("--chart", charts.resolve("chart.svg").toString());
    }

    /** @param directory for its logs, its data and its chart */
    TelemetryStart(Path directory) {
        this(JavaProcess.of(Telemetry.class).args("--work-dir", directory.toString()), directory);
    }

    /** Without a directory of its own: what it needs is in the temporary one. */
    static TelemetryStart inTemporaryDirectory(Path temporary, Path charts) {
        return new TelemetryStart(
                JavaProcess.of(Telemetry.class).systemProperty("java.io.tmpdir", temporary.toString()), charts);
    }

    TelemetryStart on(String bootstrapServers) {
        process.args("--bootstrap-servers", bootstrapServers);
        return this;
    }

    /** @param plain whether its user wants no colour */
    TelemetryStart onTerminal(boolean plain) {
        process.systemProperty("telemetry.terminal", "true").environment("TERM", "xterm");
        process.environment("NO_COLOR", plain ? "1" : "");
        return this;
    }

    TelemetryProcess start(String... arguments) {
        return new TelemetryProcess(process.args(arguments).start());
    }
}
