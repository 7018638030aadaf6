package dev.semel.examples.telemetry;

import dev.semel.testkit.JavaProcess;
import java.nio.file.Path;

/** Where a run is started: with which broker, and on what. */
final class TelemetryStart {

    private final JavaProcess.Builder process;

    /** @param directory for its logs, its data and its chart */
    TelemetryStart(Path directory) {
        this.process = JavaProcess.of(Telemetry.class)
                .args("--work-dir", directory.toString())
                .args("--chart", directory.resolve("chart.svg").toString());
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
