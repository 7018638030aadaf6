package dev.semel.examples.shop.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.examples.shop.balance.StockTable;
import dev.semel.examples.shop.balance.StockTable.Holding;
import dev.semel.examples.shop.balance.StockTable.Shelf;
import dev.semel.examples.shop.database.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL of a run: one of its own, or one that is there. For one thread. */
final class ShopDatabase implements AutoCloseable {

    /** In this order: the shop's own tables, and those in which Semel keeps what had its effect. */
    private static final List<String> SCRIPTS =
            List.of("/shop-schema.sql", "/dev/semel/idempotency/schema-postgresql.sql");

    private final DatabaseSettings settings;
    private final @Nullable EmbeddedPostgres postgres;

    private ShopDatabase(DatabaseSettings settings, @Nullable EmbeddedPostgres postgres) {
        this.settings = settings;
        this.postgres = postgres;
    }

    /** Starts a PostgreSQL, with its data and log in this directory. */
    static ShopDatabase start(Path directory, String schema) {
        Path log = directory.resolve("postgresql.log");
        try {
            Files.createDirectories(directory);
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(directory.resolve("data"))
                    // It goes, or stays, with the directory of the run; which also says when it is to be stopped.
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setOutputRedirector(Redirect.appendTo(log.toFile()))
                    .setErrorRedirector(Redirect.appendTo(log.toFile()))
                    .start();
            String url = postgres.getJdbcUrl("postgres", "postgres");
            return new ShopDatabase(new DatabaseSettings(url, null, null, schema), postgres);
        } catch (IOException | RuntimeException e) {
            throw new RunFailedException("PostgreSQL did not start; its log is " + log + ": " + e, e);
        }
    }

    /** Uses a database that is there. */
    static ShopDatabase at(DatabaseSettings settings) {
        return new ShopDatabase(settings, null);
    }

    DatabaseSettings settings() {
        return settings;
    }

    /** Makes the run's schema, with all tables in it. */
    void createTables() {
        answer("create the tables of the shop", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA " + settings.schema());
                for (String script : SCRIPTS) {
                    statement.execute(text(script));
                }
            }
            return null;
        });
    }

    void dropTables() {
        answer("drop the schema " + settings.schema(), connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP SCHEMA " + settings.schema() + " CASCADE");
            }
            return null;
        });
    }

    /** What is in stock now, and what is set aside. */
    StockTable stock() {
        return answer("read the stock", connection -> {
            // Of one moment, although it is read in two goes.
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            var shelves = new HashMap<String, Shelf>();
            var reserved = new HashMap<Holding, Long>();
            try (Statement statement = connection.createStatement()) {
                try (ResultSet row = statement.executeQuery("SELECT product, level, version FROM stock")) {
                    while (row.next()) {
                        shelves.put(row.getString(1), new Shelf(row.getLong(2), row.getLong(3)));
                    }
                }
                try (ResultSet row = statement.executeQuery("SELECT product, order_id, quantity FROM reserved")) {
                    while (row.next()) {
                        reserved.put(new Holding(row.getString(1), row.getString(2)), row.getLong(3));
                    }
                }
            }
            return new StockTable(shelves, reserved);
        });
    }

    private static String text(String resource) {
        try (InputStream file = ShopDatabase.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }

    private <T extends @Nullable Object> T answer(String what, Question<T> question) {
        try (Connection connection = settings.connect()) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw new RunFailedException(
                    "the database at " + settings + " could not be used: tried to " + what + ": " + e.getMessage(), e);
        }
    }

    /** What is done with a connection. */
    private interface Question<T extends @Nullable Object> {
        T ask(Connection connection) throws SQLException;
    }

    @Override
    public void close() {
        if (postgres != null) {
            Uninterrupted.run(() -> {
                try {
                    postgres.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("PostgreSQL cannot be stopped", e);
                }
            });
        }
    }
}
