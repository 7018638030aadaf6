package dev.semel.examples.shop.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.semel.dlq.InPlaceReport;
import dev.semel.examples.shop.service.KeptLetter;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** Asks a service about its dead letters, and has something done about them. For one thread. */
final class LetterClient {

    private static final int OK = 200;

    /** More than the service takes until it gives up itself. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final JsonMapper JSON = new JsonMapper();

    private final URI address;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** @param address of the service's dead letters */
    LetterClient(URI address) {
        this.address = address;
    }

    /** All that the service keeps now, in the order of the ids. */
    List<KeptLetter> letters() throws InterruptedException {
        return ask(HttpRequest.newBuilder(address).GET(), new TypeReference<>() {});
    }

    InPlaceReport redrive(List<String> ids) throws InterruptedException {
        return ask(post("/redrive", ids), new TypeReference<>() {});
    }

    InPlaceReport discard(List<String> ids, String reason) throws InterruptedException {
        return ask(post("/discard?" + URLEncoder.encode(reason, UTF_8), ids), new TypeReference<>() {});
    }

    /** Has handlers no longer made to fail. */
    void fixFault() throws InterruptedException {
        ask(post("/fault-fixed", List.of()), new TypeReference<String>() {});
    }

    private HttpRequest.Builder post(String what, List<String> ids) {
        return HttpRequest.newBuilder(URI.create(address + what)).POST(BodyPublishers.ofString(String.join("\n", ids)));
    }

    private <T> T ask(HttpRequest.Builder request, TypeReference<T> type) throws InterruptedException {
        HttpRequest complete = request.timeout(PATIENCE).build();
        try {
            HttpResponse<String> response = client.send(complete, BodyHandlers.ofString());
            if (response.statusCode() != OK) {
                throw new RunFailedException(
                        complete.uri() + " answered " + response.statusCode() + ": " + response.body(), null);
            }
            return JSON.readValue(response.body(), type);
        } catch (IOException e) {
            throw new RunFailedException("no answer could be had from " + complete.uri() + ": " + e, e);
        }
    }
}
