package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.ApplicationSettings;
import dev.semel.examples.telemetry.application.JsonSerde;
import dev.semel.examples.telemetry.application.Status;
import dev.semel.examples.telemetry.application.TelemetryApplication;
import dev.semel.testkit.JavaProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The application, as a process that can be killed and started again, and asked how it does. For one thread. */
final class ApplicationProcess implements AutoCloseable {

    private static final Pattern ADDRESS =
            Pattern.compile(Pattern.quote(TelemetryApplication.STATUS) + "(http://\\S+)\\R");
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final int LOG_END = 4_000;

    private final ApplicationSettings settings;
    private final Path directory;
    private final HttpClient client = HttpClient.newHttpClient();
    private JavaProcess process;
    private int starts;
    private @Nullable URI address;
    private @Nullable CompletableFuture<HttpResponse<String>> asked;
    private Optional<Status> last = Optional.empty();

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
                .log(log())
                .start();
    }

    private Path log() {
        return directory.resolve("application-" + starts + ".log");
    }

    /** Ends it with {@code SIGKILL}, and starts it again on what it left behind. */
    void killAndStart() {
        process.kill();
        address = null;
        asked = null;
        last = Optional.empty();
        process = launch();
    }

    /** What it said of itself last, since its last start; empty if nothing yet. It is asked anew, and not waited for. */
    Optional<Status> status() {
        if (asked != null && asked.isDone()) {
            try {
                last = Optional.of(JsonSerde.read(asked.join().body(), Status.class));
            } catch (RuntimeException e) {
                // It is about to end, which checkAlive tells, or it was slow to answer, and is asked again.
            }
            asked = null;
        }
        if (asked == null && findAddress() != null) {
            asked = client.sendAsync(
                    HttpRequest.newBuilder(findAddress()).timeout(ANSWER).build(), BodyHandlers.ofString());
        }
        return last;
    }

    private @Nullable URI findAddress() {
        if (address == null) {
            Matcher matcher = ADDRESS.matcher(process.output());
            address = matcher.find() ? URI.create(matcher.group(1)) : null;
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
