package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.health.Health;
import dev.semel.core.health.Probe;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.health.SemelMetrics;
import dev.semel.core.health.Wedge;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/** What docs/health.md shows. */
@KafkaTest
class HealthPageIT {

    // tag::probes[]
    static HttpServer serve(EventProcessor<?, ?> processor, int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(port), 0);
        serve(server, "/health/startup", processor, Health::startup);
        serve(server, "/health/live", processor, Health::liveness);
        serve(server, "/health/ready", processor, Health::readiness);
        server.start();
        return server;
    }

    private static void serve(
            HttpServer server, String path, EventProcessor<?, ?> processor, Function<Health, Probe> question) {
        server.createContext(path, exchange -> {
            Probe probe = question.apply(processor.health());
            byte[] reason = probe.reason().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(probe.ok() ? 200 : 503, reason.length);
            exchange.getResponseBody().write(reason);
            exchange.close();
        });
    }
    // end::probes[]

    @Test
    void theProbesAreServed(TestKafka kafka) throws Exception {
        try (var processor = processor(kafka, new CountDownLatch(0))) {
            HttpServer server = serve(processor, 0);
            try {
                assertThat(status(server, "startup")).isEqualTo(503);
                assertThat(status(server, "live")).isEqualTo(200);
                assertThat(status(server, "ready")).isEqualTo(503);
                processor.start();
                assertThat(status(server, "startup")).isEqualTo(200);
                await().atMost(Topics.DEADLINE).until(() -> status(server, "ready") == 200);
            } finally {
                server.stop(0);
            }
        }
    }

    @Test
    void wedgesAreReported(TestKafka kafka) {
        var goOn = new CountDownLatch(1);
        List<String> alarms = new ArrayList<>();
        try (var processor = processor(kafka, goOn)) {
            processor.start();
            kafka.send(kafka.name("input"), "key", "value");
            await().atMost(Topics.DEADLINE)
                    .until(() -> !processor.health().wedges().isEmpty());
            // tag::wedges[]
            for (Wedge wedge : processor.health().wedges()) {
                alarms.add(wedge.partition() + " is held up for "
                        + wedge.lasting().toSeconds() + " s by " + wedge.kind() + ": " + wedge.detail());
            }
            // end::wedges[]
            assertThat(alarms).singleElement().asString().contains("by HANDLER: offset 0: its handler runs");
            goOn.countDown();
        }
    }

    @Test
    void metricsAreInMicrometer(TestKafka kafka) {
        var registry = new SimpleMeterRegistry();
        try (var processor = processor(kafka, new CountDownLatch(0))) {
            processor.start();
            // tag::micrometer[]
            var metrics = new SemelMetrics(processor::metrics);
            metrics.bindTo(registry);
            // end::micrometer[]
            try (metrics) {
                kafka.send(kafka.name("input"), "key", "value");
                await().atMost(Topics.DEADLINE)
                        .until(() -> registry.get("semel.processor.records.handled")
                                        .tag("group", kafka.group("group"))
                                        .functionCounter()
                                        .count()
                                == 1);
                await().atMost(Topics.DEADLINE)
                        .until(() -> registry.find("semel.partition.lag").gauges().stream()
                                .anyMatch(gauge -> gauge.value() == 0));
            }
        }
    }

    @Test
    void changesAreTold(TestKafka kafka) {
        List<String> alarms = new CopyOnWriteArrayList<>();
        EventProcessorBuilder<String, String> builder = builder(kafka);
        // tag::listener[]
        builder.listener((from, to, reason) -> {
            if (to == ProcessorState.FAILED || to == ProcessorState.PAUSED) {
                alarms.add("inventory-service is " + to + ": " + reason);
            }
        });
        // end::listener[]
        try (var processor = builder.handler((event, context) -> {}).build()) {
            processor.pause("the stock is counted");
            processor.start();
            await().atMost(Topics.DEADLINE).until(() -> !alarms.isEmpty());
            assertThat(alarms).startsWith("inventory-service is PAUSED: the stock is counted");
        }
    }

    private static EventProcessor<String, String> processor(TestKafka kafka, CountDownLatch goOn) {
        return builder(kafka)
                .wedgeAfter(Duration.ofSeconds(1))
                .handler((event, context) -> goOn.await())
                .build();
    }

    private static EventProcessorBuilder<String, String> builder(TestKafka kafka) {
        return EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(kafka.group("group"))
                .topics(kafka.topic("input"))
                .events(EventSerde.of(Serdes.String(), Serdes.String()));
    }

    private static int status(HttpServer server, String probe) {
        var address = URI.create("http://localhost:" + server.getAddress().getPort() + "/health/" + probe);
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException e) {
            throw new AssertionError(probe + " is not served", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
