package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.RecordPosition;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells a database that was away from a handler that loses its connection each time: one that stays idle in its transaction for longer
 * than the database allows, or brings the server down. Each attempt begins with an answer of the database, so a record that loses
 * so many in a row does it itself, and has to be decided on like any other that fails.
 *
 * <p>Thread-safe.
 */
final class LostConnections {

    private static final int IN_A_ROW = 10;

    private final Map<Long, Integer> counts = new ConcurrentHashMap<>();

    /** An attempt at these records, of one partition, has lost its connection: whether that is the handler's own doing. */
    boolean isHandlersOwn(Collection<RecordPosition> positions) {
        boolean own = false;
        for (RecordPosition position : positions) {
            own |= counts.merge(position.offset(), 1, Integer::sum) > IN_A_ROW;
        }
        return own;
    }

    /** The record at this offset is done with. */
    void forget(long offset) {
        counts.remove(offset);
    }
}
