package dev.semel.examples.shop;

import static dev.semel.examples.shop.ShopProcess.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that was named by hand, and goes away while the shop is busy. */
class DatabaseOutageIT {

    @TempDir
    private Path directory;

    @Test
    void aDatabaseThatIsAwayForSomeSecondsHoldsTheRunUpAndNothingElse() throws Exception {
        int port = freePort();
        EmbeddedPostgres first = postgres(port);
        try (first;
                ShopProcess shop = ShopProcess.start(
                        directory.resolve("shop"),
                        "--orders=800",
                        "--rate=200",
                        "--no-failures",
                        "--no-kill",
                        "--jdbc-url=" + first.getJdbcUrl("postgres", "postgres"))) {
            shop.awaitOutput("sending");
            String schema = schemas(first).get(0);
            await().atMost(ShopProcess.DEADLINE).until(() -> count(first, schema + ".reserved") > 20);
            await().atMost(ShopProcess.DEADLINE).until(() -> count(first, schema + ".semel_lease") > 20);

            first.close();

            await().atMost(ShopProcess.DEADLINE)
                    .until(() -> shop.health("inventory-service", "/ready").statusCode() == 503);
            assertThat(shop.health("inventory-service", "/live").statusCode()).isEqualTo(200);
            try (EmbeddedPostgres again = postgres(port)) {
                String output = shop.awaitExit(Shop.BALANCED);

                assertThat(numbers(output, "  total")).startsWith(0L, 0L, 0L, 0L);
                assertThat(output)
                        .contains("there are no dead letters")
                        .doesNotContain("redriven 0", "the fault is fixed");
                // Balanced: nothing is left of it.
                assertThat(schemas(again)).isEmpty();
            }
        }
    }

    /** On the same port and with the same data each time. */
    private EmbeddedPostgres postgres(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static List<String> schemas(EmbeddedPostgres postgres) throws SQLException {
        var schemas = new ArrayList<String>();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'shop%'")) {
            while (row.next()) {
                schemas.add(row.getString(1));
            }
        }
        return schemas;
    }

    private static long count(EmbeddedPostgres postgres, String table) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
