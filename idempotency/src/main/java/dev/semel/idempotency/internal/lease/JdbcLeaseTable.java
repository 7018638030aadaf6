package dev.semel.idempotency.internal.lease;

import dev.semel.core.failure.WaitException;
import dev.semel.idempotency.internal.database.Database;
import dev.semel.idempotency.internal.database.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows in a database, each change in a short transaction of its own that locks the row first and reads the clock then.
 *
 * <p>Whatever keeps the database from answering says nothing about the record that asks, so it makes that wait; it is logged when it
 * begins and when it has ended.
 */
public final class JdbcLeaseTable implements LeaseTable {

    private static final Logger log = LoggerFactory.getLogger(JdbcLeaseTable.class);

    /** Of a transaction that loses against others. */
    private static final int TRIES = 10;

    private static final Duration OUTAGE_WAIT = Duration.ofSeconds(1);
    private static final Duration BUSY_WAIT = Duration.ofMillis(100);

    private final Database database;
    private final String place;
    private final LeaseSql sql;
    private final long retentionMs;
    private final AtomicBoolean away = new AtomicBoolean();

    /** @param place where the database is, for people */
    public JdbcLeaseTable(Database database, String place, String scope, Duration retention) {
        this.database = database;
        this.place = place;
        this.sql = new LeaseSql(scope);
        this.retentionMs = retention.toMillis();
    }

    @Override
    public <T> T change(String key, Change<T> change) {
        return transact(session -> {
            var found = sql.lock(session, key);
            Changed<T> changed = change.of(found, sql.now(session));
            LeaseRow row = changed.row();
            if (row != null && found == null) {
                sql.insert(session, key, row);
            } else if (row != null) {
                sql.update(session, key, row);
            }
            return changed.result();
        });
    }

    @Override
    public boolean forget() {
        return transact(session -> sql.deleteBefore(session, sql.now(session) - retentionMs));
    }

    /**
     * Does to a row of no lease's all that is done to those of leases, and leaves nothing of it.
     *
     * @throws Exception what the database throws where a lease could not be kept or forgotten
     */
    public static void probe(Database database, String scope) throws Exception {
        var sql = new LeaseSql(scope);
        // Its own, so that those who look at the same moment do not wait for each other.
        String key = "semel-probe " + UUID.randomUUID();
        database.transact(session -> {
            sql.lock(session, key);
            LeaseRow row = LeaseRow.held(0, sql.now(session), null);
            sql.insert(session, key, row);
            sql.update(session, key, row);
            sql.delete(session, key);
            return row;
        });
    }

    private <T> T transact(Database.Work<T> work) {
        SQLException lost = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                T result = database.transact(work);
                if (away.compareAndSet(true, false)) {
                    log.info("The leases in {} can be used again", place);
                }
                return result;
            } catch (RuntimeException e) {
                throw e;
            } catch (SQLException e) {
                if (SqlFailure.of(e) != SqlFailure.CONFLICT) {
                    throw failed(e);
                }
                if (lost != null) {
                    e.addSuppressed(lost);
                }
                lost = e;
            } catch (Exception e) {
                throw new IllegalStateException("nothing else is thrown by a database", e);
            }
        }
        throw new WaitException("a lease lost against others " + TRIES + " times", BUSY_WAIT, lost);
    }

    private RuntimeException failed(SQLException failure) {
        return switch (SqlFailure.of(failure)) {
            case CONNECTION, OTHER -> {
                String reason = "the leases in " + place + " cannot be used: " + SqlFailure.told(failure);
                if (away.compareAndSet(false, true)) {
                    log.warn("Effects wait, since {}", reason, failure);
                }
                yield new WaitException(reason, OUTAGE_WAIT, failure);
            }
            case TIMEOUT, CONFLICT ->
                new WaitException(
                        "a lease could not be looked at in time: " + SqlFailure.told(failure), BUSY_WAIT, failure);
            case DATA ->
                new IllegalStateException(
                        "a lease cannot be kept in " + place + ": " + SqlFailure.told(failure), failure);
        };
    }
}
