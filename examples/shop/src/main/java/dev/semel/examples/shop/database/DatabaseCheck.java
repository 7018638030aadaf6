package dev.semel.examples.shop.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks at a database that somebody has named, before anything is built on it. */
public final class DatabaseCheck {

    private static final String PREFIX = "jdbc:postgresql:";
    private static final String FORM = "jdbc:postgresql://HOST:PORT/DATABASE";

    private DatabaseCheck() {}

    /** @throws UnusableDatabaseException where it is none, does not let us in, or lets us make no tables */
    public static void check(DatabaseSettings settings) throws UnusableDatabaseException {
        if (!settings.url().startsWith(PREFIX)) {
            throw new UnusableDatabaseException(
                    "database '" + settings + "' must be a PostgreSQL, named as " + FORM + ", since the shop's SQL is");
        }
        try (Connection connection = settings.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery(), current_user, current_database(),"
                        + " has_database_privilege(current_database(), 'CREATE')")) {
            row.next();
            if (row.getBoolean(1)) {
                throw new UnusableDatabaseException("database " + settings
                        + " is a standby, which nobody can write to; name the one that it is a copy of");
            }
            if (!row.getBoolean(4)) {
                throw new UnusableDatabaseException("user " + row.getString(2) + " may make no schema in database "
                        + settings + ", where the shop's tables go; allow it with: GRANT CREATE ON DATABASE "
                        + row.getString(3) + " TO " + row.getString(2));
            }
        } catch (SQLException e) {
            throw new UnusableDatabaseException("database " + settings + " cannot be used: " + reason(e, settings));
        }
    }

    private static String reason(SQLException e, DatabaseSettings settings) {
        String message = String.valueOf(e.getMessage());
        // What complains of the whole URL would also show the password that may be in it.
        return message.contains(settings.url())
                ? "the driver does not understand the address, which must be like " + FORM
                : message;
    }
}
