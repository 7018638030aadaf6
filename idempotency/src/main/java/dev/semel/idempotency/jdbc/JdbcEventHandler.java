package dev.semel.idempotency.jdbc;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import dev.semel.core.event.EventHandler;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Handles one event, with effects in the database: the user's code. As {@link EventHandler} is, and:
 *
 * <p>What it does on the connection is committed when it returns, together with the event's mark and what it has sent, and rolled back
 * where it throws, or outruns its deadline. What it does on any other connection is not, and is repeated when the record is.
 *
 * @param <K> the type of the key
 * @param <V> the type of the value
 */
@FunctionalInterface
public interface JdbcEventHandler<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * @param event what happened
     * @param context through which results are sent; of no use after this call
     * @param connection in a transaction that is not the handler's to end: {@code commit}, {@code rollback}, {@code close} and
     *     {@code abort} are refused, and fail the attempt; savepoints are the handler's own. Nobody refuses them on what {@code
     *     unwrap} gives for a driver's own type, or on the connection of a result set's statement: they must not be called there. Of
     *     no use after this call
     */
    void handle(Event<K, V> event, EventContext context, Connection connection) throws Exception;
}
