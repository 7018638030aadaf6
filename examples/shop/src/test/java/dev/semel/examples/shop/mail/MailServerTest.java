package dev.semel.examples.shop.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.shop.mail.MailLog.Delivery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailServerTest {

    private static final String MAIL = "{\"orderId\":\"o\",\"paymentId\":\"p\",\"text\":\"thanks\"}";

    private final HttpClient client = HttpClient.newHttpClient();
    private MailServer server = MailServer.start(MailTroubles.none());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theSameRequestAgainHasTheSameAnswerAndNoFurtherEffect() throws Exception {
        HttpResponse<String> first = post("key", MAIL);
        HttpResponse<String> again = post("key", MAIL);

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(server.log().deliveries())
                .containsExactly(new Delivery("key", new Mail("o", "p", "thanks"), first.body(), 1));
        assertThat(server.log().repetitions()).isEqualTo(1);
        assertThat(server.log().misuses()).isEmpty();
    }

    @Test
    void anotherMailUnderTheSameKeyIsRefusedAndNoted() throws Exception {
        String mailId = post("key", MAIL).body();

        assertThat(post("key", MAIL.replace("\"p\"", "\"q\"")).statusCode()).isEqualTo(422);

        assertThat(server.log().deliveries())
                .containsExactly(new Delivery("key", new Mail("o", "p", "thanks"), mailId, 0));
        assertThat(server.log().misuses()).singleElement().asString().contains("key", "paymentId=q", "paymentId=p");
    }

    @Test
    void otherKeysAreOtherMails() throws Exception {
        assertThat(post("key-1", MAIL).body()).isNotEqualTo(post("key-2", MAIL).body());
        assertThat(server.log().deliveries()).extracting(Delivery::key).containsExactly("key-1", "key-2");
    }

    @Test
    void requestsAtTheSameTimeAreOneMail() {
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 20)
                .mapToObj(i -> client.sendAsync(request("key", MAIL), BodyHandlers.ofString()))
                .toList();

        assertThat(answers.stream().map(answer -> answer.join().body()).distinct())
                .hasSize(1);
        assertThat(server.log().deliveries())
                .singleElement()
                .extracting(Delivery::repetitions)
                .isEqualTo(19);
    }

    @Test
    void whatIsNoRequestForAMailIsRefusedWithTheReason() throws Exception {
        HttpResponse<String> withoutKey = send(HttpRequest.newBuilder(server.address())
                .POST(BodyPublishers.ofString(MAIL))
                .build());
        HttpResponse<String> notPosted =
                send(HttpRequest.newBuilder(server.address()).build());
        HttpResponse<String> noMail = post("key", "{");

        assertThat(withoutKey.statusCode()).isEqualTo(400);
        assertThat(withoutKey.body()).contains(MailServer.KEY_HEADER);
        assertThat(notPosted.statusCode()).isEqualTo(405);
        assertThat(noMail.statusCode()).isEqualTo(400);
        assertThat(server.log()).isEqualTo(new MailLog(List.of(), 0, List.of()));
    }

    @Test
    void someMailsAreTakenOnlyWhenTheyAreAskedForAgain() throws Exception {
        var troubles = MailTroubles.seeded(1);
        server.close();
        server = MailServer.start(troubles);
        String twice = keys().stream()
                .filter(key -> troubles.refusals(key) == 2)
                .findFirst()
                .orElseThrow();

        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            answers.add(post(twice, MAIL).statusCode());
        }

        assertThat(answers).containsExactly(503, 503, 200);
        assertThat(server.log().refusals()).isEqualTo(2);
        assertThat(server.log().deliveries())
                .singleElement()
                .extracting(Delivery::repetitions)
                .isEqualTo(0);
    }

    @Test
    void aFewMailsAreRefusedAndAFewAreSlow() {
        var troubles = MailTroubles.seeded(1);

        assertThat(keys()).filteredOn(key -> troubles.refusals(key) > 0).hasSizeBetween(30, 70);
        assertThat(keys()).filteredOn(key -> !troubles.delay(key).isZero()).hasSizeBetween(30, 70);
        assertThat(keys()).allSatisfy(key -> assertThat(troubles.delay(key)).isLessThan(Duration.ofMillis(400)));
        assertThat(keys())
                .allMatch(key -> MailTroubles.none().refusals(key) == 0
                        && MailTroubles.none().delay(key).isZero());
    }

    private static List<String> keys() {
        return IntStream.range(0, 1000).mapToObj(i -> "key-" + i).toList();
    }

    private HttpResponse<String> post(String key, String body) throws IOException, InterruptedException {
        return send(request(key, body));
    }

    private HttpRequest request(String key, String body) {
        URI address = server.address();
        return HttpRequest.newBuilder(address)
                .header(MailServer.KEY_HEADER, key)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }
}
