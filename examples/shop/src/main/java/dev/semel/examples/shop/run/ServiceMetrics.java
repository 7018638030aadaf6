package dev.semel.examples.shop.run;

import dev.semel.core.health.ProcessorMetric;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks services for their metrics, as a monitoring system would. For one thread. */
final class ServiceMetrics {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** @param health where the service serves its health */
    long read(URI health, ProcessorMetric metric) throws InterruptedException {
        URI uri = URI.create(health + "/metrics");
        try {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
            return value(response.body(), metric);
        } catch (IOException e) {
            throw new RunFailedException("no metrics could be had from " + uri + ": " + e, e);
        }
    }

    static long value(String metrics, ProcessorMetric metric) {
        String start = metric.metricName() + " ";
        return metrics.lines()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .map(line -> (long) Double.parseDouble(line.substring(start.length())))
                .orElseThrow(() -> new IllegalStateException("no " + metric.metricName() + " in:\n" + metrics));
    }
}
