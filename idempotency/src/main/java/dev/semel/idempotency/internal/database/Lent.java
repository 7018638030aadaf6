package dev.semel.idempotency.internal.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection on loan from the user's data source, in a transaction. For one thread, but for {@link #giveUp}.
 *
 * <p>It is handed back in the mode in which it came; what else is set on it is for the pool to put back. One that cannot be rolled
 * back must not be used on, least of all in auto-commit mode: switching that on commits. So it is broken off.
 */
public final class Lent implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Lent.class);

    private final Connection connection;
    private final boolean autoCommit;
    private boolean open = true;
    private volatile boolean brokenOff;
    private volatile boolean handedBack;

    Lent(Connection connection) throws SQLException {
        this.connection = connection;
        try {
            autoCommit = connection.getAutoCommit();
            if (autoCommit) {
                connection.setAutoCommit(false);
            }
        } catch (SQLException | RuntimeException e) {
            closeAfter(e);
            throw e;
        }
    }

    private void closeAfter(Exception failure) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    public Connection connection() {
        return connection;
    }

    /** Commits; what comes later would be another transaction. */
    public void commit() throws SQLException {
        connection.commit();
        open = false;
    }

    /** Undoes what is not committed, and goes on in another transaction. */
    public void rollback() throws SQLException {
        connection.rollback();
    }

    /** Undoes what is not committed. After it, {@link #close} waits for nothing any more. */
    public void end() {
        try {
            if (open && !connection.isClosed()) {
                connection.rollback();
            }
            open = false;
        } catch (SQLException e) {
            log.debug("A connection is given up: {}", SqlFailure.told(e), e);
            breakOff();
        }
    }

    @Override
    public void close() {
        if (handedBack) {
            return;
        }
        end();
        try {
            if (!open && autoCommit && !connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            log.debug("A connection is given up: {}", SqlFailure.told(e), e);
            breakOff();
        }
        try {
            connection.close();
        } catch (SQLException e) {
            // It was used for the last time by this; the pool, or the operating system, ends it.
            log.debug("A connection could not be closed: {}", SqlFailure.told(e), e);
        }
    }

    /** Whether it was broken off. By any thread. */
    public boolean isBrokenOff() {
        return brokenOff;
    }

    /**
     * Ends it wherever it is, and what is not committed with it, and gives its place in the pool free: who uses it may be stuck for ever.
     * One that cannot be ended stays with who uses it. Called by any thread; may block.
     */
    public void giveUp() {
        if (!breakOff()) {
            return;
        }
        try {
            connection.close();
            handedBack = true;
        } catch (SQLException | RuntimeException e) {
            // It is closed again by who uses it, if that ever comes to an end.
            log.debug("A connection that was broken off could not be closed: {}", SqlFailure.told(e), e);
        }
    }

    private boolean breakOff() {
        brokenOff = true;
        try {
            connection.abort(Runnable::run);
            return true;
        } catch (SQLException | RuntimeException e) {
            log.warn("A connection could not be broken off: {}", e.toString(), e);
            return false;
        }
    }
}
