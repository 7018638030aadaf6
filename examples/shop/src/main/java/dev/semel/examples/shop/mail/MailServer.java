package dev.semel.examples.shop.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.semel.examples.shop.mail.MailLog.Delivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A mail server that sends nothing and counts everything. It takes a {@link Mail} by {@code POST}, under an {@code
 * Idempotency-Key} as many services on the web want it: the same request again has the same answer and no further
 * effect, and another request under the same key is an error.
 *
 * <pre>{@code
 * 200  the mail has gone out, now or before; the body is its id
 * 400  no key, or no mail
 * 422  the key was used for another mail
 * 503  not now
 * }</pre>
 *
 * <p>It answers several requests at once, and each to its end, whether or not anybody waits for the answer any more.
 * Safe for use by several threads.
 */
public final class MailServer implements AutoCloseable {

    /** Names the request: the same key, the same mail. */
    public static final String KEY_HEADER = "Idempotency-Key";

    private static final int THREADS = 32;

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final ExecutorService threads;
    private final MailTroubles troubles;
    private final Map<String, Delivery> deliveries = new LinkedHashMap<>();
    private final Map<String, Integer> refusals = new HashMap<>();
    private final List<String> misuses = new ArrayList<>();

    private MailServer(HttpServer server, MailTroubles troubles) {
        this.server = server;
        this.troubles = troubles;
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            var thread = new Thread(task, "mail-server");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts one, on a free port of this host. */
    public static MailServer start(MailTroubles troubles) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var mails = new MailServer(server, troubles);
            server.setExecutor(mails.threads);
            server.createContext("/mails", mails::handle);
            server.start();
            return mails;
        } catch (IOException e) {
            throw new UncheckedIOException("no port can be listened at for mails", e);
        }
    }

    /** Where mails are posted. */
    public URI address() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/mails");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                answer(exchange, METHOD_NOT_ALLOWED, "mails are posted");
                return;
            }
            @Nullable String key = exchange.getRequestHeaders().getFirst(KEY_HEADER);
            if (key == null) {
                answer(exchange, BAD_REQUEST, "a mail needs the header " + KEY_HEADER);
                return;
            }
            Mail mail;
            try {
                mail = JSON.readValue(exchange.getRequestBody(), Mail.class);
            } catch (IOException e) {
                answer(exchange, BAD_REQUEST, "not a mail: " + e.getMessage());
                return;
            }
            TimeUnit.NANOSECONDS.sleep(troubles.delay(key).toNanos());
            take(exchange, key, mail);
        } catch (InterruptedException e) {
            // The server stops; whoever waits for this answer does not get it.
            Thread.currentThread().interrupt();
        }
    }

    private void take(HttpExchange exchange, String key, Mail mail) throws IOException {
        if (isRefused(key)) {
            answer(exchange, UNAVAILABLE, "try again");
            return;
        }
        Delivery delivery = deliver(key, mail);
        if (delivery.mail().equals(mail)) {
            answer(exchange, OK, delivery.mailId());
        } else {
            answer(exchange, UNPROCESSABLE, "key " + key + " was used for another mail");
        }
    }

    private synchronized boolean isRefused(String key) {
        int refused = refusals.getOrDefault(key, 0);
        if (refused >= troubles.refusals(key)) {
            return false;
        }
        refusals.put(key, refused + 1);
        return true;
    }

    /** What is under this key now: this mail, or what was there before. */
    private synchronized Delivery deliver(String key, Mail mail) {
        @Nullable Delivery before = deliveries.get(key);
        if (before == null) {
            var first = new Delivery(key, mail, "mail-%06d".formatted(deliveries.size() + 1), 0);
            deliveries.put(key, first);
            return first;
        }
        if (before.mail().equals(mail)) {
            deliveries.put(key, new Delivery(key, mail, before.mailId(), before.repetitions() + 1));
        } else {
            misuses.add(key + " for " + mail + ", after " + before.mail());
        }
        return before;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** What has happened so far. */
    public synchronized MailLog log() {
        return new MailLog(
                List.copyOf(deliveries.values()),
                refusals.values().stream().mapToLong(Integer::longValue).sum(),
                List.copyOf(misuses));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
