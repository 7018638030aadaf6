package dev.semel.idempotency.internal.lease;

import dev.semel.idempotency.internal.Sha256;
import dev.semel.idempotency.internal.database.Session;
import dev.semel.idempotency.internal.database.StorableText;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import org.jspecify.annotations.Nullable;

/** The statements on the table of leases, for one scope. Thread-safe. */
final class LeaseSql {

    private static final int BUNDLE = 1_000;

    private final String scope;

    LeaseSql(String scope) {
        this.scope = scope;
    }

    /** The row of a key, which nobody else changes until the transaction ends; null where there is none. */
    @Nullable LeaseRow lock(Session session, String key) throws SQLException {
        try (PreparedStatement statement =
                session.prepare("SELECT fence, state, until_ms, payload_hash, outcome FROM semel_lease"
                        + " WHERE scope = ? AND key_hash = ? FOR UPDATE")) {
            statement.setString(1, scope);
            statement.setBytes(2, Sha256.of(key));
            try (ResultSet found = statement.executeQuery()) {
                return found.next()
                        ? new LeaseRow(
                                found.getLong(1),
                                LeaseRow.State.valueOf(found.getString(2)),
                                found.getLong(3),
                                found.getBytes(4),
                                found.getBytes(5))
                        : null;
            }
        }
    }

    /** The database's clock. In a statement of its own, since the one that locks may have waited. */
    long now(Session session) throws SQLException {
        try (PreparedStatement statement =
                        session.prepare("SELECT " + session.dialect().now());
                ResultSet found = statement.executeQuery()) {
            found.next();
            return found.getLong(1);
        }
    }

    /** @throws SQLTransactionRollbackException where another was first */
    void insert(Session session, String key, LeaseRow row) throws SQLException {
        try (PreparedStatement statement = session.prepare(
                "INSERT INTO semel_lease (fence, state, until_ms, payload_hash, outcome, scope, key_hash, lease_key)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)" + session.dialect().orNothing())) {
            bind(statement, key, row);
            statement.setString(8, StorableText.of(key));
            if (statement.executeUpdate() == 0) {
                throw second(null);
            }
        } catch (SQLException e) {
            throw session.dialect().isDuplicate(e) ? second(e) : e;
        }
    }

    /** To be run again, in another transaction: this one may be of a kind that never sees the other's row. */
    private static SQLTransactionRollbackException second(@Nullable SQLException cause) {
        return new SQLTransactionRollbackException("another has taken the key at the same moment", "40001", cause);
    }

    void update(Session session, String key, LeaseRow row) throws SQLException {
        try (PreparedStatement statement = session.prepare(
                "UPDATE semel_lease SET fence = ?, state = ?, until_ms = ?, payload_hash = ?, outcome = ?"
                        + " WHERE scope = ? AND key_hash = ?")) {
            bind(statement, key, row);
            statement.executeUpdate();
        }
    }

    void delete(Session session, String key) throws SQLException {
        try (PreparedStatement statement =
                session.prepare("DELETE FROM semel_lease WHERE scope = ? AND key_hash = ?")) {
            statement.setString(1, scope);
            statement.setBytes(2, Sha256.of(key));
            statement.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, String key, LeaseRow row) throws SQLException {
        statement.setLong(1, row.fence());
        statement.setString(2, row.state().name());
        statement.setLong(3, row.untilMs());
        statement.setBytes(4, row.payloadHash());
        statement.setBytes(5, row.outcome());
        statement.setString(6, scope);
        statement.setBytes(7, Sha256.of(key));
    }

    /**
     * Deletes the oldest rows, as long as they are from before a time: a bundle of them, and what is of the same millisecond as its last.
     *
     * @return whether there may be more
     */
    boolean deleteBefore(Session session, long beforeMs) throws SQLException {
        long last = beforeMs - 1;
        boolean more;
        try (PreparedStatement statement = session.prepare(
                "SELECT until_ms FROM semel_lease WHERE scope = ? AND until_ms < ? ORDER BY until_ms LIMIT 1"
                        + " OFFSET " + (BUNDLE - 1))) {
            statement.setString(1, scope);
            statement.setLong(2, beforeMs);
            try (ResultSet found = statement.executeQuery()) {
                more = found.next();
                if (more) {
                    last = found.getLong(1);
                }
            }
        }
        try (PreparedStatement statement =
                session.prepare("DELETE FROM semel_lease WHERE scope = ? AND until_ms <= ?")) {
            statement.setString(1, scope);
            statement.setLong(2, last);
            statement.executeUpdate();
        }
        return more;
    }
}
