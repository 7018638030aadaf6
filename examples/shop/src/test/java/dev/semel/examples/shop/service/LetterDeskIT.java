package dev.semel.examples.shop.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.DeadLetters;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

@KafkaTest
class LetterDeskIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void lettersAreShownRedrivenAndDiscardedByTheServiceThatOwnsThem(TestKafka kafka) {
        String input = kafka.topic("input");
        String output = kafka.topic("output");
        String group = kafka.group("group");
        var isFixed = new AtomicBoolean();
        DeadLetters letters = DeadLetters.builder().build();
        var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(letters)
                .onFailure(RetryPolicy.never().thenDeadLetter(kafka.topic("letters")))
                .handler((event, context) -> {
                    if (event.value().startsWith("bad") && !isFixed.get()) {
                        throw new IllegalStateException("not fixed");
                    }
                    context.send(output, event.key(), event.value());
                })
                .build();
        try (processor;
                LetterDesk desk = LetterDesk.of(letters, () -> isFixed.set(true))) {
            processor.start();
            kafka.send(input, "a", "bad 1");
            kafka.send(input, "a", "behind it");
            kafka.send(input, "b", "bad 2");
            await().atMost(DEADLINE).until(() -> json(get(desk)).size() == 3);
            assertThat(json(get(desk)))
                    .anySatisfy(letter -> assertThat(letter.toString())
                            .contains(id(group, input, 0), "OPEN", "handler_exception", "IllegalStateException"))
                    .anySatisfy(letter -> assertThat(letter.toString()).contains(id(group, input, 1), "WAITING"));

            assertThat(json(post(desk, "/redrive", id(group, input, 0))).path("failedAgain"))
                    .hasSize(1);
            assertRefused(post(desk, "/redrive", "no id"), 400, "'no id' is no letter's id");
            assertRefused(post(desk, "/redrive", id(group, "t", 1)), 500, "t-0 is not assigned to this processor");

            assertThat(post(desk, "/fault-fixed", "").statusCode()).isEqualTo(200);
            JsonNode redriven = json(post(desk, "/redrive", id(group, input, 0)));
            assertThat(redriven.path("applied").asInt()).isEqualTo(1);
            JsonNode discarded = json(post(desk, "/discard?nobody+wants+it", id(group, input, 2)));
            assertThat(discarded.path("applied").asInt()).isEqualTo(1);
            assertThat(kafka.readCommitted(output, 2, DEADLINE))
                    .extracting(record -> new String(record.value(), UTF_8))
                    .containsExactly("bad 1", "behind it");
            await().atMost(DEADLINE).until(() -> json(get(desk)).isEmpty());
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedAndChangesNothing() {
        try (LetterDesk desk = LetterDesk.of(DeadLetters.builder().build(), () -> {})) {
            assertThat(get(desk).body()).isEqualTo("[]");
            assertRefused(post(desk, "/redrive", ""), 400, "name the letters in the body");
            assertRefused(post(desk, "/discard", "g/t/0/1"), 400, "say why");
            assertRefused(post(desk, "", "g/t/0/1"), 405, "/letters takes GET");
            assertRefused(post(desk, "/redrive", "g/t/0/1"), 500, "no processor");
        }
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String why) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(why);
    }

    private static String id(String group, String topic, long offset) {
        return group + "/" + topic + "/0/" + offset;
    }

    private HttpResponse<String> get(LetterDesk desk) {
        return send(HttpRequest.newBuilder(desk.address()).build());
    }

    private HttpResponse<String> post(LetterDesk desk, String what, String body) {
        return send(HttpRequest.newBuilder(URI.create(desk.address() + what))
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request.uri() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }
}
