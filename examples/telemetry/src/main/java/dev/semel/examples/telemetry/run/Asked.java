package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.JsonSerde;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Something that the application is asked again and again. For one thread. */
final class Asked<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;

    private final HttpClient client;
    private final String path;
    private final Class<T> type;
    private @Nullable CompletableFuture<HttpResponse<String>> asked;
    private Optional<T> last = Optional.empty();

    Asked(HttpClient client, String path, Class<T> type) {
        this.client = client;
        this.path = path;
        this.type = type;
    }

    /** Its last answer, empty if there was none yet, or not to the last question. It is asked anew, and not waited for. */
    Optional<T> last(Optional<URI> application) {
        if (asked != null && asked.isDone()) {
            last = answer(asked);
            asked = null;
        }
        if (asked == null) {
            asked = application.map(this::ask).orElse(null);
        }
        return last;
    }

    /** Its answer to a question that is asked now; empty if it has none. */
    Optional<T> now(Optional<URI> application) {
        asked = null;
        last = application.map(this::ask).flatMap(this::answer);
        return last;
    }

    /** What it said before it was started again is of no interest any more. */
    void forget() {
        asked = null;
        last = Optional.empty();
    }

    private CompletableFuture<HttpResponse<String>> ask(URI application) {
        return client.sendAsync(
                HttpRequest.newBuilder(application.resolve(path))
                        .timeout(PATIENCE)
                        .build(),
                BodyHandlers.ofString());
    }

    private Optional<T> answer(CompletableFuture<HttpResponse<String>> question) {
        try {
            HttpResponse<String> response = question.join();
            return response.statusCode() == OK ? Optional.of(JsonSerde.read(response.body(), type)) : Optional.empty();
        } catch (CompletionException e) {
            // It is slow, or about to end, which somebody else looks at: it is asked again.
            return Optional.empty();
        }
    }
}
