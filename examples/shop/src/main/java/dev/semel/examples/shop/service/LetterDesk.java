package dev.semel.examples.shop.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.semel.dlq.DeadLetters;
import dev.semel.dlq.InPlaceReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can do about a service's dead letters, over HTTP, on a free port of this host; ids come in the body, one
 * a line, and answers are JSON:
 *
 * <pre>{@code
 * GET  /letters                     the letters and what waits behind them: KeptLetter
 * POST /letters/redrive             handles these again, in place: InPlaceReport
 * POST /letters/discard?<reason>    gives these up, for this reason: InPlaceReport
 * POST /letters/fault-fixed         handlers are no longer made to fail
 * }</pre>
 *
 * <p>A service is the owner of its letters, and nobody else changes them: whoever redrives one asks the service, which runs it
 * through its own handler, and answers when that is committed. Requests are answered one after the other, on a thread of
 * their own.
 */
public final class LetterDesk implements AutoCloseable {

    /** For the audit. */
    private static final String ACTOR = "shop-operator";

    private static final int ANSWER_SECONDS = 60;

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int BAD_METHOD = 405;
    private static final int FAILED = 500;

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;

    private LetterDesk(HttpServer server) {
        this.server = server;
    }

    /**
     * @param letters the participant of the service's processor
     * @param fix has the fault fixed that its handler fails with
     */
    static LetterDesk of(DeadLetters letters, Runnable fix) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            serve(
                    server,
                    "/letters",
                    "GET",
                    request -> letters.letters().stream().map(KeptLetter::of).toList());
            serve(server, "/letters/redrive", "POST", request -> committed(letters.redrive(ids(request), ACTOR)));
            serve(server, "/letters/discard", "POST", request -> {
                @Nullable String reason = request.getRequestURI().getRawQuery();
                if (reason == null || reason.isBlank()) {
                    throw new IllegalArgumentException("say why, as in /letters/discard?cannot+be+read");
                }
                return committed(letters.discard(ids(request), ACTOR, URLDecoder.decode(reason, UTF_8)));
            });
            serve(server, "/letters/fault-fixed", "POST", request -> {
                fix.run();
                return "fixed";
            });
            server.start();
            return new LetterDesk(server);
        } catch (IOException e) {
            throw new UncheckedIOException("no port can be listened at for letters", e);
        }
    }

    /** Answers a request. */
    private interface Answer {
        Object to(HttpExchange request) throws Exception;
    }

    private static void serve(HttpServer server, String path, String method, Answer answer) {
        server.createContext(path, request -> {
            try {
                if (request.getRequestMethod().equals(method)) {
                    write(request, OK, answer.to(request));
                } else {
                    write(request, BAD_METHOD, path + " takes " + method);
                }
            } catch (IllegalArgumentException e) {
                write(request, BAD_REQUEST, "" + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                write(request, FAILED, "interrupted");
            } catch (Exception e) {
                write(request, FAILED, e.toString());
            }
        });
    }

    private static List<String> ids(HttpExchange request) throws IOException {
        List<String> ids = new String(request.getRequestBody().readAllBytes(), UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("name the letters in the body, one id a line");
        }
        return ids;
    }

    private static InPlaceReport committed(CompletableFuture<InPlaceReport> report)
            throws InterruptedException, ExecutionException, TimeoutException {
        return report.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    private static void write(HttpExchange request, int status, Object answer) throws IOException {
        byte[] body = JSON.writeValueAsBytes(answer);
        request.getResponseHeaders().add("Content-Type", "application/json");
        request.sendResponseHeaders(status, body.length);
        request.getResponseBody().write(body);
        request.close();
    }

    /** Where it listens, such as {@code http://127.0.0.1:40123/letters}. */
    URI address() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/letters");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
