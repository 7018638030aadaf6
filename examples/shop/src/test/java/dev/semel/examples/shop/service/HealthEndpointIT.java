package dev.semel.examples.shop.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

@KafkaTest
class HealthEndpointIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void probesFollowTheProcessor(TestKafka kafka) {
        String input = kafka.topic("input");
        var goOn = new CountDownLatch(1);
        var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(kafka.group("group"))
                .topics(input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .wedgeAfter(Duration.ofSeconds(1))
                .handler((event, context) -> goOn.await())
                .build();
        try (processor;
                var endpoint = HealthEndpoint.serving(processor::health, processor::metrics)) {
            assertThat(get(endpoint, "/startup").statusCode()).isEqualTo(503);
            assertThat(get(endpoint, "/live").statusCode()).isEqualTo(200);
            assertThat(get(endpoint, "/ready").statusCode()).isEqualTo(503);

            processor.start();
            assertThat(get(endpoint, "/startup").statusCode()).isEqualTo(200);
            await(() -> get(endpoint, "/ready").statusCode() == 200);

            assertThat(get(endpoint, "/metrics").body())
                    .contains("records-duplicate-total 0.0\n", "ready 1.0\n")
                    .doesNotContain("fetch");

            kafka.send(input, "key", "value");
            await(() -> get(endpoint, "").body().contains("wedged   " + input + "-0 for"));
            assertThat(get(endpoint, "").body())
                    .contains(
                            "state    RUNNING", "startup  ok, ", "live     ok, ", "ready    ok, ", "HANDLER: offset 0");
            assertThat(get(endpoint, "/ready").statusCode()).isEqualTo(200);

            processor.pause("the stock is counted");
            await(() -> get(endpoint, "/ready").statusCode() == 503);
            assertThat(get(endpoint, "/ready").body()).isEqualTo("paused: the stock is counted\n");
            assertThat(get(endpoint, "/live").statusCode()).isEqualTo(200);
            goOn.countDown();
        }
    }

    private HttpResponse<String> get(HealthEndpoint endpoint, String path) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(endpoint.address() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path + " is not served", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNanos).as("in time").isNegative();
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
