package dev.semel.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.shop.service.ServiceLauncher;
import dev.semel.testkit.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The whole command, as a process, with what it writes. */
final class ShopProcess implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(240);

    private final Path directory;
    private final JavaProcess process;

    private ShopProcess(Path directory, JavaProcess process) {
        this.directory = directory;
        this.process = process;
    }

    /** @param directory for its logs and data */
    static ShopProcess start(Path directory, String... arguments) {
        return new ShopProcess(
                directory,
                JavaProcess.of(Shop.class)
                        .args("--work-dir", directory.toString())
                        .args(arguments)
                        .start());
    }

    ShopProcess awaitOutput(String text) {
        process.awaitOutput(text, DEADLINE);
        return this;
    }

    /** Waits for its end, and tells all that it has written. */
    String awaitExit(int code) {
        assertThat(process.awaitExit(DEADLINE)).as(process.output()).isEqualTo(code);
        return process.output();
    }

    String stop() {
        process.stop(DEADLINE);
        return process.output();
    }

    /** The processes that run for it and in it; not the database, which makes itself independent. */
    List<ProcessHandle> children() {
        return ProcessHandle.of(process.pid()).orElseThrow().children().toList();
    }

    /** Asks a service for its health. */
    HttpResponse<String> health(String service, String probe) throws IOException, InterruptedException {
        Matcher address = Pattern.compile(Pattern.quote(ServiceLauncher.HEALTH) + "(http://\\S+)")
                .matcher(Files.readString(file(service)));
        assertThat(address.find()).as("an address in the log of %s", service).isTrue();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address.group(1) + probe))
                                .build(),
                        BodyHandlers.ofString());
    }

    /** The file of its directory whose name begins like this. */
    Path file(String name) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name))
                    .findAny()
                    .orElseThrow();
        }
    }

    /** The number behind a name at the start of a line of the table. */
    static long number(String output, String name) {
        return numbers(output, name).get(0);
    }

    /** The numbers behind a name at the start of a line of the table, of each service where it is about these. */
    static List<Long> numbers(String output, String name) {
        Matcher matcher = Pattern.compile("(?m)^" + Pattern.quote(name) + "((?: +[\\d,]+)+)(?: .*)?$")
                .matcher(output);
        assertThat(matcher.find()).as("%s in %s", name, output).isTrue();
        return Arrays.stream(matcher.group(1).strip().split(" +"))
                .map(number -> Long.valueOf(number.replace(",", "")))
                .toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
