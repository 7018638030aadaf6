package dev.semel.examples.shop.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Which database, and how to get in.
 *
 * @param url of the PostgreSQL driver, {@code jdbc:postgresql://host/database}; it may hold user and password
 * @param user null where the URL says it, or the driver's default is right
 * @param password null where the URL says it, or none is needed
 * @param schema where the run's tables are
 */
public record DatabaseSettings(
        String url, @Nullable String user, @Nullable String password, String schema) {

    private static final String URL = "SHOP_JDBC_URL";
    private static final String USER = "SHOP_JDBC_USER";
    private static final String PASSWORD = "SHOP_JDBC_PASSWORD";
    private static final String SCHEMA = "SHOP_JDBC_SCHEMA";

    /** How long a handler waits for a connection before the database counts as away. */
    private static final long CONNECTION_PATIENCE_MILLIS = 2_000;

    /** A connection of its own. */
    public Connection connect() throws SQLException {
        var properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        Connection connection = DriverManager.getConnection(url, properties);
        try {
            connection.setSchema(schema);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Connections for a service, which live as long as its process.
     *
     * @param connections at most; handlers that find none wait
     */
    public DataSource pool(int connections) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setSchema(schema);
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(CONNECTION_PATIENCE_MILLIS);
        // A service may start while its database is away: it says so, and waits.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** What a service finds in its environment, rather than on its command line, which everybody can read. */
    public Map<String, String> toEnvironment() {
        return Map.of(
                URL, url, USER, user == null ? "" : user, PASSWORD, password == null ? "" : password, SCHEMA, schema);
    }

    /** The same settings, in the process that has this environment. */
    public static DatabaseSettings of(Map<String, String> environment) {
        return new DatabaseSettings(
                required(environment, URL),
                emptyToNull(environment.get(USER)),
                emptyToNull(environment.get(PASSWORD)),
                required(environment, SCHEMA));
    }

    private static String required(Map<String, String> environment, String name) {
        @Nullable String value = environment.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a service needs " + name + " in its environment");
        }
        return value;
    }

    private static @Nullable String emptyToNull(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    /** The URL without what may hold a password: its parameters, and a user before the host, as other URLs have. */
    @Override
    public String toString() {
        int parameters = url.indexOf('?');
        return (parameters < 0 ? url : url.substring(0, parameters)).replaceFirst("//[^/]*@", "//");
    }
}
