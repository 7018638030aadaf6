package dev.semel.idempotency.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A real database, with the tables of the script that users run. */
public enum TestDatabase {
    /** One server for all tests of the JVM, a database for each. */
    POSTGRESQL {
        @Override
        public DataSource empty() {
            String name = "test_" + NUMBER.incrementAndGet();
            execute(Postgres.SERVER.getPostgresDatabase(), "CREATE DATABASE " + name);
            return Postgres.SERVER.getDatabase("postgres", name);
        }

        @Override
        String script() {
            return "schema-postgresql.sql";
        }
    },

    H2 {
        @Override
        public DataSource empty() {
            var source = new JdbcDataSource();
            source.setURL("jdbc:h2:mem:test_" + NUMBER.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
            return source;
        }

        @Override
        String script() {
            return "schema-h2.sql";
        }
    };

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final class Postgres {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "300")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A new database without tables. */
    public abstract DataSource empty();

    abstract String script();

    /** A new database with the tables. */
    public DataSource create() {
        DataSource source = empty();
        execute(source, scriptText());
        return source;
    }

    /** What users run. */
    public String scriptText() {
        String resource = "/dev/semel/idempotency/" + script();
        try (var in = Objects.requireNonNull(TestDatabase.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs statements in auto-commit mode. */
    public static void execute(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of what a query finds, as text. */
    public static List<String> query(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (found.next()) {
                rows.add(String.valueOf(found.getString(1)));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
