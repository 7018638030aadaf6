package dev.semel.examples.shop.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.semel.core.health.Health;
import dev.semel.core.health.Probe;
import dev.semel.core.health.ProcessorMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * A service's health and metrics over HTTP, on a free port of this host, for probes and for people:
 *
 * <pre>{@code
 * /health/startup  /health/live  /health/ready    200 or 503, with the reason
 * /health                                         all of it in a few lines, always 200
 * /health/metrics                                 the processor's own, one a line: name and value
 * }</pre>
 *
 * <p>It answers on a thread of its own, also while the service stands still.
 */
public final class HealthEndpoint implements AutoCloseable {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;

    private HealthEndpoint(HttpServer server) {
        this.server = server;
    }

    /**
     * @param health of a processor at each moment: {@code processor::health}
     * @param metrics of it: {@code processor::metrics}
     */
    public static HealthEndpoint serving(Supplier<Health> health, Supplier<Map<MetricName, ? extends Metric>> metrics) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            probe(server, "/health/startup", health, Health::startup);
            probe(server, "/health/live", health, Health::liveness);
            probe(server, "/health/ready", health, Health::readiness);
            server.createContext("/health/metrics", exchange -> answer(exchange, OK, shown(metrics.get())));
            server.createContext("/health", exchange -> answer(exchange, OK, report(health.get())));
            server.start();
            return new HealthEndpoint(server);
        } catch (IOException e) {
            throw new UncheckedIOException("no port can be listened at for health", e);
        }
    }

    private static void probe(HttpServer server, String path, Supplier<Health> health, Function<Health, Probe> which) {
        server.createContext(path, exchange -> {
            Probe probe = which.apply(health.get());
            answer(exchange, probe.ok() ? OK : UNAVAILABLE, probe.reason() + "\n");
        });
    }

    private static String report(Health health) {
        var report = new StringBuilder();
        report.append("state    ").append(health.state()).append('\n');
        line(report, "startup  ", health.startup());
        line(report, "live     ", health.liveness());
        line(report, "ready    ", health.readiness());
        health.wedges()
                .forEach(wedge -> report.append("wedged   %s for %d s, %s: %s%n"
                        .formatted(wedge.partition(), wedge.lasting().toSeconds(), wedge.kind(), wedge.detail())));
        return report.toString();
    }

    private static String shown(Map<MetricName, ? extends Metric> metrics) {
        return metrics.entrySet().stream()
                .filter(metric -> metric.getKey().group().equals(ProcessorMetric.GROUP))
                .map(metric -> metric.getKey().name() + " " + metric.getValue().metricValue() + "\n")
                .sorted()
                .collect(Collectors.joining());
    }

    private static void line(StringBuilder report, String name, Probe probe) {
        report.append(name)
                .append(probe.ok() ? "ok, " : "NOT OK, ")
                .append(probe.reason())
                .append('\n');
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Where it listens, such as {@code http://127.0.0.1:40123/health}. */
    public URI address() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/health");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
