package dev.semel.idempotency.internal.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a database's failure means. The one place that knows SQLStates and error codes, but for that of a duplicate key. */
public enum SqlFailure {
    /** The connection is gone, or there is none to be had. */
    CONNECTION,

    /** A deadlock, or a transaction that could not be put in a row with others: it would go well if it were run again. */
    CONFLICT,

    /** A lock was not to be had in time, or a statement took too long. */
    TIMEOUT,

    /** What was to be written breaks a rule: it is too long, or no text, or not unique. */
    DATA,

    /** Anything else: a table that is missing, a permission, a full disk. */
    OTHER;

    private static final Set<String> CONNECTION_STATES = Set.of(
            // PostgreSQL: too many connections; idle in a transaction for too long, which ends the session.
            "53300",
            "25P03",
            // H2: the database is closed, the connection broken or closed.
            "90007",
            "90067",
            "90098",
            "90121");

    /** Something was used after it was closed, or not used for too long. */
    private static final Set<String> USERS_OWN_STATES = Set.of("08003", "90007", "25P03");

    private static final Set<String> CONFLICT_STATES = Set.of(
            // Serialization failure; MySQL's and H2's deadlock. PostgreSQL's deadlock. H2's concurrent update.
            "40001", "40P01", "90131");

    private static final Set<String> TIMEOUT_STATES = Set.of(
            // PostgreSQL: a lock was not available; a statement was cancelled, as H2 says too. H2: the lock timeout.
            "55P03", "57014", "HYT00");

    private static final int MYSQL_LOCK_TIMEOUT = 1205;
    private static final int MYSQL_DEADLOCK = 1213;

    /** How far a chain of causes is followed, which may be a ring. */
    private static final int DEPTH = 20;

    /** Whether it says nothing about the record, as a failure of a statement of our own: the database cannot be used. */
    public boolean isOutage() {
        return this == CONNECTION || this == OTHER;
    }

    /**
     * Whether the database has understood, and refuses: a table or a database that is missing, a permission, a password. Only people
     * change that.
     */
    public static boolean isRefusal(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return state.startsWith("42") || state.startsWith("28") || state.equals("3D000");
    }

    /** Whether there was no connection to be had, or one was lost, by no fault of whoever used it. */
    public static boolean isAway(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return of(failure) == CONNECTION && !USERS_OWN_STATES.contains(state);
    }

    /** What a failure means. */
    public static SqlFailure of(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (CONFLICT_STATES.contains(state) || failure.getErrorCode() == MYSQL_DEADLOCK) {
            return CONFLICT;
        }
        if (failure instanceof SQLTimeoutException
                || TIMEOUT_STATES.contains(state)
                || failure.getErrorCode() == MYSQL_LOCK_TIMEOUT) {
            return TIMEOUT;
        }
        if (failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException
                || failure instanceof SQLRecoverableException
                || CONNECTION_STATES.contains(state)
                || state.startsWith("08")
                || state.startsWith("57P")) {
            return CONNECTION;
        }
        return state.startsWith("22") || state.startsWith("23") ? DATA : OTHER;
    }

    /** The same for whatever was thrown: by the {@linkplain #first first} that a database has thrown. */
    public static SqlFailure of(Throwable thrown) {
        @Nullable SQLException first = first(thrown);
        return first == null ? OTHER : of(first);
    }

    /** The first in a chain of causes that a database has thrown, if there is one. */
    public static @Nullable SQLException first(Throwable thrown) {
        return first(thrown, SQLException.class);
    }

    /** The first of its type in a chain of causes, if there is one. */
    public static <T extends Throwable> @Nullable T first(Throwable thrown, Class<T> type) {
        @Nullable Throwable cause = thrown;
        for (int i = 0; cause != null && i < DEPTH; i++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** For people. */
    public static String told(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return failure instanceof SQLException sql && sql.getSQLState() != null
                ? message + " (SQLState " + sql.getSQLState() + ")"
                : message;
    }
}
