package dev.semel.examples.shop.confirmation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.semel.examples.shop.mail.Mail;
import dev.semel.examples.shop.mail.MailServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Posts mails. Safe for use by several threads. */
final class MailClient {

    private static final int OK = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final JsonMapper JSON = new JsonMapper();

    private final URI server;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    MailClient(URI server) {
        this.server = server;
    }

    /**
     * Has a mail sent.
     *
     * @param key names the request: where it is made again, since nobody knows what became of it, the server knows it
     * @return the server's name for the mail
     * @throws IOException where the server cannot be reached, or does not take the mail
     */
    String post(String key, Mail mail) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server)
                .timeout(TIMEOUT)
                .header(MailServer.KEY_HEADER, key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(mail)))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != OK) {
            throw new IOException("the mail server answered " + response.statusCode() + " to the request " + key + ": "
                    + response.body());
        }
        return response.body();
    }
}
