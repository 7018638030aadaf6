package dev.semel.testkit.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports for servers that are stopped and started.
 *
 * <p>They lie below the range from which operating systems take the ports of outgoing connections. A port in that range may
 * be taken while its server is down, most likely by a client that tries to connect to that very server.
 */
public final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private FreePorts() {}

    /**
     * Finds a port that nobody listens on.
     *
     * @return the port, which is free until somebody takes it
     */
    public static int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port found between " + FIRST + " and " + LAST);
    }

    /**
     * Whether a server could listen.
     *
     * @param port any port
     * @return false if it is taken
     */
    public static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false; // taken
        }
    }
}
