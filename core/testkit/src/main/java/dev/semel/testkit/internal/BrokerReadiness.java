package dev.semel.testkit.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Waits until a broker that is starting serves its clients. */
public final class BrokerReadiness {

    private static final int CONNECT_MS = 500;
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private BrokerReadiness() {}

    /**
     * Waits until the broker is a member of its cluster.
     *
     * @param port where it listens
     * @param alive whether its process runs
     * @param deadline until when to wait
     * @throws IllegalStateException at the deadline, or when the process ends
     */
    public static void await(int port, BooleanSupplier alive, Deadline deadline) {
        // The socket first: a client that is told to connect to nothing warns about each attempt.
        while (!listens(port)) {
            check(port, alive, deadline);
        }
        Map<String, Object> config = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:" + port);
        Admin admin = Admin.create(config);
        try {
            while (!serves(admin)) {
                check(port, alive, deadline);
            }
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private static void check(int port, BooleanSupplier alive, Deadline deadline) {
        if (!alive.getAsBoolean()) {
            throw new IllegalStateException("the broker for port " + port + " ended instead of serving.");
        }
        if (!deadline.pause()) {
            throw new IllegalStateException("the broker for port " + port + " does not serve by the deadline.");
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("localhost", port), CONNECT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean serves(Admin admin) {
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
