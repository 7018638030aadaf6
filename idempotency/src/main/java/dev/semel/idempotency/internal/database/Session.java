package dev.semel.idempotency.internal.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * Statements of our own on a connection, which are bounded twice until it is closed. The database is told to cancel one that takes
 * longer than the timeout, which leaves the connection usable; and where no answer at all comes, the driver gives the connection up a
 * little later. Drivers that cannot do the latter leave it to the operating system.
 *
 * <p>For one thread.
 */
public final class Session implements AutoCloseable {

    /** Beyond the timeout: for the request to cancel, and its effect. */
    private static final int GRACE_MS = 5_000;

    private final Connection connection;
    private final Dialect dialect;
    private final int timeoutSeconds;
    private int networkTimeoutBefore;
    private boolean hasNetworkTimeout = true;

    Session(Connection connection, Dialect dialect, int timeoutSeconds) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.timeoutSeconds = timeoutSeconds;
        try {
            networkTimeoutBefore = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, timeoutSeconds * 1000 + GRACE_MS);
        } catch (SQLFeatureNotSupportedException e) {
            // Then the operating system's own timeouts hold.
            hasNetworkTimeout = false;
        }
    }

    public Connection connection() {
        return connection;
    }

    public Dialect dialect() {
        return dialect;
    }

    public PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            statement.setQueryTimeout(timeoutSeconds);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    /** From here on the connection is as it was; what was done on it goes on. */
    @Override
    public void close() throws SQLException {
        if (hasNetworkTimeout && !connection.isClosed()) {
            connection.setNetworkTimeout(Runnable::run, networkTimeoutBefore);
        }
    }
}
