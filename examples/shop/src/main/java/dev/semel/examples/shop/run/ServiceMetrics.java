package dev.semel.examples.shop.run;

import dev.semel.core.health.ProcessorMetric;
import dev.semel.examples.shop.service.ServiceLauncher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks services for their metrics, as a monitoring system would. For one thread. */
final class ServiceMetrics {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pattern ADDRESS = Pattern.compile(Pattern.quote(ServiceLauncher.HEALTH) + "(http://\\S+)");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** @param output the service's so far, in which it says where it answers */
    long read(String output, ProcessorMetric metric) throws InterruptedException {
        Matcher address = ADDRESS.matcher(output);
        if (!address.find()) {
            throw new IllegalStateException("the service has not said where its health is served");
        }
        URI uri = URI.create(address.group(1) + "/metrics");
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
