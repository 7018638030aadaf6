package dev.semel.idempotency.jdbc;

import dev.semel.core.event.BatchHandler;
import dev.semel.core.event.BatchItem;
import java.sql.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Handles several events in one call, and in one transaction of the database: the user's code. As {@link BatchHandler} is, with a
 * connection as {@link JdbcEventHandler} has it. A call that throws has had no effect.
 *
 * @param <K> the type of the events' key
 * @param <V> the type of the events' value
 */
@FunctionalInterface
public interface JdbcBatchHandler<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * @param batch at least one event, with contexts that are of no use after this call
     * @param connection in the transaction of all of them
     */
    void handle(List<BatchItem<K, V>> batch, Connection connection) throws Exception;
}
