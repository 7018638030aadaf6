package dev.semel.idempotency.internal.database;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The user's database. Thread-safe. */
public final class Database {

    private final DataSource source;
    private final int timeoutSeconds;
    private volatile @Nullable Dialect dialect;

    /** @param statementTimeout how long a statement of our own may take; in whole seconds, at least one */
    public Database(DataSource source, Duration statementTimeout) {
        this.source = source;
        this.timeoutSeconds = (int) Math.max(1, statementTimeout.toSeconds());
    }

    /**
     * Work in a transaction of its own.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Session session) throws Exception;
    }

    /** Runs work, and commits it unless it throws. */
    public <T extends @Nullable Object> T transact(Work<T> work) throws Exception {
        try (Lent lent = lend()) {
            T result;
            try (Session session = session(lent.connection())) {
                result = work.run(session);
                lent.commit();
            }
            return result;
        }
    }

    /**
     * A connection with an open transaction. To be handed back.
     *
     * @throws SQLException where there is none, of the kind {@link SqlFailure#CONNECTION}
     */
    public Lent lend() throws SQLException {
        try {
            return new Lent(source.getConnection());
        } catch (SQLException e) {
            // Pools that are empty, or cannot be filled, say so in many ways, and some in no way that a program
            // understands.
            throw SqlFailure.of(e) == SqlFailure.CONNECTION
                    ? e
                    : new SQLTransientConnectionException(e.getMessage(), e.getSQLState(), e.getErrorCode(), e);
        } catch (RuntimeException e) {
            // A pool that could not be filled, or is closed: to whoever asks, that is the same.
            throw new SQLTransientConnectionException("no connection from the data source: " + e, e);
        }
    }

    /** Statements of our own on a connection. To be closed before anybody else's. */
    public Session session(Connection connection) throws SQLException {
        @Nullable Dialect known = dialect;
        if (known == null) {
            // It does not change.
            known = Dialect.of(connection.getMetaData().getDatabaseProductName());
            dialect = known;
        }
        return new Session(connection, known, timeoutSeconds);
    }

    /** Where it is, for messages; without what may be secret. */
    public static String place(DatabaseMetaData metadata) throws SQLException {
        String url = Objects.requireNonNullElse(metadata.getURL(), "an unnamed database");
        int parameters = url.indexOf('?') >= 0 ? url.indexOf('?') : url.indexOf(';');
        String address = parameters < 0 ? url : url.substring(0, parameters);
        return address.replaceFirst("//[^/@]*@", "//");
    }
}
