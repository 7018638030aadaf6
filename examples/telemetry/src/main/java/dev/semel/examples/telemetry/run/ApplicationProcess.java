package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.ApplicationSettings;
import dev.semel.examples.telemetry.application.JsonSerde;
import dev.semel.examples.telemetry.application.OpenWindows;
import dev.semel.examples.telemetry.application.Status;
import dev.semel.examples.telemetry.application.TelemetryApplication;
import dev.semel.testkit.JavaProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The application, as a process that can be killed and started again, and asked how it does. For one thread. */
final class ApplicationProcess implements AutoCloseable {

    private static final Pattern ADDRESS =
            Pattern.compile(Pattern.quote(TelemetryApplication.STATUS) + "(http://\\S+)\\R");
    private static final int LOG_END = 4_000;

    private final ApplicationSettings settings;
    private final Path directory;
    private final HttpClient client = HttpClient.newHttpClient();
    private JavaProcess process;
    private int starts;
    private final Asked<Status> status = new Asked<>(client, "status", Status.class);
    private final Asked<OpenWindows> open = new Asked<>(client, "open", OpenWindows.class);
    private Optional<URI> address = Optional.empty();
    private OpenWindows openBefore = OpenWindows.NONE;

    ApplicationProcess(ApplicationSettings settings, Path directory) {
        this.settings = settings;
        this.directory = directory;
        this.process = launch();
    }

    private JavaProcess launch() {
        starts++;
        return JavaProcess.of(TelemetryApplication.class)
                .args(JsonSerde.text(settings))
                .jvmArgs("-Xmx256m", "-XX:TieredStopAtLevel=1")
                // RocksDB unpacks its library there, and whoever is killed takes nothing away.
                .systemProperty("java.io.tmpdir", directory.toString())
                .log(log())
                .start();
    }

    private Path log() {
        return directory.resolve("application-" + starts + ".log");
    }

    /** Ends it with {@code SIGKILL}, and starts it again on what it left behind. */
    void killAndStart() {
        process.close();
        address = Optional.empty();
        status.forget();
        open.forget();
        process = launch();
    }

    /** What it said of itself last, since its last start; empty if nothing yet. It is asked anew, and not waited for. */
    Optional<Status> status() {
        return status.last(findAddress());
    }

    /** What it had in open windows last; it is asked anew, and not waited for. */
    OpenWindows openWindowsLast() {
        open.last(findAddress()).ifPresent(windows -> openBefore = windows);
        return openBefore;
    }

    /** What it has in open windows now; empty if it cannot answer. */
    Optional<OpenWindows> openWindowsNow() {
        Optional<OpenWindows> now = open.now(findAddress());
        now.ifPresent(windows -> openBefore = windows);
        return now;
    }

    private Optional<URI> findAddress() {
        if (address.isEmpty()) {
            Matcher matcher = ADDRESS.matcher(process.output());
            address = matcher.find() ? Optional.of(URI.create(matcher.group(1))) : Optional.empty();
        }
        return address;
    }

    /** Fails where it has ended by itself. */
    void checkAlive() {
        if (!process.isAlive()) {
            String output = process.output();
            throw new RunFailedException(
                    "the application has ended by itself; its log is " + log() + " and ends with:\n"
                            + output.substring(Math.max(0, output.length() - LOG_END)),
                    null);
        }
    }

    @Override
    public void close() {
        Uninterrupted.run(process::close);
    }
}
