package dev.semel.examples.telemetry.application;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The application's status over HTTP, as JSON, on a free port of this host. It answers on a thread of its own. */
final class StatusEndpoint implements AutoCloseable {

    private static final int OK = 200;

    private final HttpServer server;

    private StatusEndpoint(HttpServer server) {
        this.server = server;
    }

    static StatusEndpoint serving(Supplier<Status> status) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/status", exchange -> {
                try (exchange) {
                    byte[] body = JsonSerde.text(status.get()).getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(OK, body.length);
                    exchange.getResponseBody().write(body);
                }
            });
            server.start();
            return new StatusEndpoint(server);
        } catch (IOException e) {
            throw new UncheckedIOException("no port can be listened at for the status", e);
        }
    }

    URI address() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/status");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
