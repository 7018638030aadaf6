package dev.semel.examples.telemetry.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the application stands, over HTTP, as JSON, on a free port of this host: {@code /status} and {@code /open}. It answers on a thread
 * of its own.
 */
final class StatusEndpoint implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StatusEndpoint.class);

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;

    private StatusEndpoint(HttpServer server) {
        this.server = server;
    }

    static StatusEndpoint serving(Supplier<Status> status, Supplier<OpenWindows> open) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/status", exchange -> answer(exchange, status));
            server.createContext("/open", exchange -> answer(exchange, open));
            server.start();
            return new StatusEndpoint(server);
        } catch (IOException e) {
            throw new UncheckedIOException("no port can be listened at for the status", e);
        }
    }

    private static void answer(HttpExchange exchange, Supplier<?> what) throws IOException {
        try (exchange) {
            int code = OK;
            byte[] body;
            try {
                body = JsonSerde.text(what.get()).getBytes(UTF_8);
            } catch (RuntimeException e) {
                // Its state moves or is being restored: whoever asks will ask again.
                log.info("no answer to {}: {}", exchange.getRequestURI(), e.toString());
                code = UNAVAILABLE;
                body = e.toString().getBytes(UTF_8);
            }
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    URI address() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
