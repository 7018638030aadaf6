package dev.semel.idempotency.internal.jdbc;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * The connection of the attempt that the calling thread makes. By thread and not by the handler's context: other participants may put
 * contexts of their own around that.
 */
public final class ConnectionAtHand {

    private final ThreadLocal<@Nullable Connection> ofThread = new ThreadLocal<>();

    /**
     * For the handler that the calling thread runs.
     *
     * @throws AssertionError where there is none: the processor is put together wrongly, and must stop rather than make a dead letter
     *     of each record
     */
    public Connection get() {
        @Nullable Connection connection = ofThread.get();
        if (connection == null) {
            throw new AssertionError(
                    "a handler of a JdbcIdempotencyStore runs without the store's transaction: give its processor"
                            + " .participant(Idempotency.with(store)), with the same store that made the handler, and let the processor"
                            + " itself call it, on its own thread");
        }
        return connection;
    }

    void set(Connection connection) {
        ofThread.set(connection);
    }

    void clear() {
        ofThread.remove();
    }
}
