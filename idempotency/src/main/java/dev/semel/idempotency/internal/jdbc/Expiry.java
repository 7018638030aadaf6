package dev.semel.idempotency.internal.jdbc;

import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.internal.database.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Uuid;

/**
 * Deletes the marks of a partition that are older than the retention, in small transactions.
 *
 * <p>A mark is that old when its position is released and both clocks have passed it by the retention: the database's own, and the
 * partition's, which is the latest timestamp of a record that was consumed of it. The latter stands still while nobody consumes, so a
 * backlog that is older than the retention still finds the marks of what it repeats.
 *
 * <p>Marks are gone through in the order of their offsets, which is about that of their age, up to the first bundle without one that
 * is old enough.
 */
final class Expiry {

    private static final int BUNDLE = 1_000;

    private static final String RANGE = "scope = ? AND topic_id = ? AND source_partition = ? AND source_offset >= ?"
            + " AND source_offset < ? AND state <> 'LOST'";

    private final Database database;
    private final String scope;
    private final Duration retention;

    Expiry(Database database, String scope, Duration retention) {
        this.database = database;
        this.scope = scope;
        this.retention = retention;
    }

    /** Marks older than this are to go: by the database's clock, and by the partition's. */
    private record Limits(long markedBeforeMs, long recordBeforeMs) {}

    /** Some marks in a row. */
    private record Bundle(int size, long lastOffset, int deleted) {}

    /**
     * Deletes what is old enough.
     *
     * @param released the offset before which everything is released
     * @param recordTimeMs the partition's clock
     * @param goesOn whether to begin another transaction
     * @return how many marks were deleted
     */
    long run(Uuid topicId, int partition, long released, long recordTimeMs, BooleanSupplier goesOn) throws Exception {
        long deleted = 0;
        if (recordTimeMs == PartitionProgress.NEVER) {
            return deleted;
        }
        // Some may have been taken off their positions by hand, to negative ones.
        long from = Long.MIN_VALUE;
        while (goesOn.getAsBoolean()) {
            long begin = from;
            Bundle bundle = database.transact(session -> {
                long now = now(session);
                // The processor's clock, by which the partition's is bounded, may be ahead of the database's, by which
                // the marks' is.
                var limits = new Limits(now - retention.toMillis(), Math.min(now, recordTimeMs) - retention.toMillis());
                return delete(session, topicId, partition, begin, released, limits);
            });
            deleted += bundle.deleted();
            if (bundle.deleted() == 0 || bundle.size() < BUNDLE) {
                break;
            }
            from = bundle.lastOffset() + 1;
        }
        return deleted;
    }

    private static long now(Session session) throws SQLException {
        try (PreparedStatement statement =
                        session.prepare("SELECT " + session.dialect().now());
                ResultSet found = statement.executeQuery()) {
            found.next();
            return found.getLong(1);
        }
    }

    private Bundle delete(Session session, Uuid topicId, int partition, long from, long before, Limits limits)
            throws SQLException {
        int size = 0;
        long last = from;
        boolean any = false;
        try (PreparedStatement statement =
                session.prepare("SELECT source_offset, marked_at_ms, record_time_ms FROM semel_mark WHERE " + RANGE
                        + " ORDER BY source_offset LIMIT " + BUNDLE)) {
            bind(statement, topicId, partition, from, before);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    size++;
                    last = found.getLong(1);
                    any |= found.getLong(2) < limits.markedBeforeMs() && found.getLong(3) < limits.recordBeforeMs();
                }
            }
        }
        return new Bundle(size, last, any ? deleteOld(session, topicId, partition, from, last + 1, limits) : 0);
    }

    /** Each is looked at again as it is deleted: a redrive may have put a new mark in the place of an old one. */
    private int deleteOld(Session session, Uuid topicId, int partition, long from, long before, Limits limits)
            throws SQLException {
        try (PreparedStatement statement = session.prepare(
                "DELETE FROM semel_mark WHERE " + RANGE + " AND marked_at_ms < ? AND record_time_ms < ?")) {
            bind(statement, topicId, partition, from, before);
            statement.setLong(6, limits.markedBeforeMs());
            statement.setLong(7, limits.recordBeforeMs());
            return statement.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, Uuid topicId, int partition, long from, long before)
            throws SQLException {
        statement.setString(1, scope);
        statement.setString(2, topicId.toString());
        statement.setInt(3, partition);
        statement.setLong(4, from);
        statement.setLong(5, before);
    }
}
