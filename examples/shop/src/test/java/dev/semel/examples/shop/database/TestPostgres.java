package dev.semel.examples.shop.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of this JVM, with which it ends. */
public final class TestPostgres {

    private static final AtomicInteger schemas = new AtomicInteger();

    private TestPostgres() {}

    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The database, with the name of a schema that no other test has; it is not there yet. */
    public static DatabaseSettings database() {
        return new DatabaseSettings(
                Server.POSTGRES.getJdbcUrl("postgres", "postgres"), null, null, "test_" + schemas.incrementAndGet());
    }

    public static int port() {
        return Server.POSTGRES.getPort();
    }
}
