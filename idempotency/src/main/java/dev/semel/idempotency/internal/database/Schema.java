package dev.semel.idempotency.internal.database;

import dev.semel.core.failure.StartupException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks whether the tables are there, in the version that this code knows. It makes and changes none: that is the user's to do. */
public enum Schema {
    /** Of the events that had their effect. */
    MARKS("marks", "semel_mark"),

    /** Of the remote effects that somebody has in hand. */
    LEASES("leases", "semel_lease");

    public static final int VERSION = 1;

    private static final Set<String> NO_TABLE = Set.of("42P01", "42S02", "42S04");

    private final String component;
    private final String table;

    Schema(String component, String table) {
        this.component = component;
        this.table = table;
    }

    /**
     * Looks once.
     *
     * @return where the database is, for messages
     * @throws StartupException where something else is there than what is needed, saying which script to run
     * @throws Exception where that cannot be told
     */
    public String check(Database database) throws Exception {
        return database.transact(session -> {
            var metadata = session.connection().getMetaData();
            String place = Database.place(metadata);
            checkVersion(session, place);
            if (session.connection().isReadOnly()) {
                throw new StartupException(
                        "the connections to " + place
                                + " are read-only: give the store a data source that may write, to the primary",
                        null);
            }
            return place;
        });
    }

    private void checkVersion(Session session, String place) throws SQLException {
        String script = session.dialect().script();
        try (PreparedStatement statement = session.prepare("SELECT version FROM semel_schema WHERE component = ?")) {
            statement.setString(1, component);
            try (ResultSet found = statement.executeQuery()) {
                if (!found.next()) {
                    throw missing(place, script, null);
                }
                int version = found.getInt(1);
                if (version != VERSION) {
                    throw new StartupException(
                            "table " + table + " in " + place + " has version " + version
                                    + ", and this version of semel-idempotency needs " + VERSION + ": "
                                    + (version < VERSION
                                            ? "run the migration to it from the release notes"
                                            : "use the version of semel-idempotency that made it, or a newer one"),
                            null);
                }
            }
        } catch (SQLException e) {
            if (NO_TABLE.contains(e.getSQLState() == null ? "" : e.getSQLState())) {
                throw missing(place, script, e);
            }
            throw e;
        }
    }

    private StartupException missing(String place, String script, @Nullable SQLException cause) {
        return new StartupException(
                "table " + table + " is missing in " + place
                        + ", or not on the search path of its user: run the script " + script
                        + " of semel-idempotency's jar, which makes it (nothing is made without being asked for)",
                cause);
    }
}
