package dev.semel.idempotency.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.idempotency.Idempotency;
import dev.semel.idempotency.Orders;
import dev.semel.testkit.TestKafka;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** Orders that are entered in a table of a real database: one row for each effect, without a constraint, so that two would be seen. */
final class Ledger implements AutoCloseable {

    final Orders orders;
    final DataSource database;
    final HikariDataSource pool;

    private Ledger(Orders orders, DataSource database) {
        this.orders = orders;
        this.database = database;
        this.pool = pool(database);
        TestDatabase.execute(database, "CREATE TABLE effect (id text NOT NULL, version int NOT NULL DEFAULT 0)");
    }

    static Ledger on(TestKafka kafka, int partitions) {
        return new Ledger(Orders.on(kafka, partitions), TestDatabase.POSTGRESQL.create());
    }

    /** As services have it: one that gives up waiting soon, so that a database that is away is known to be. */
    static HikariDataSource pool(DataSource database) {
        var config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(12);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    JdbcIdempotencyStore store() {
        return builder(pool).build();
    }

    static JdbcIdempotencyStore.Builder builder(DataSource source) {
        return JdbcIdempotencyStore.builder(source)
                .retaining(Orders.RETENTION)
                .deadLettersRedrivenWithin(Orders.RETENTION)
                .statementTimeout(Duration.ofSeconds(1));
    }

    /** A processor that lacks nothing but its handler. */
    EventProcessorBuilder<String, String> processor(JdbcIdempotencyStore store) {
        return orders.processor(Idempotency.with(store));
    }

    /** The same with a handler of this store's. */
    EventProcessorBuilder<String, String> handling(JdbcEventHandler<String, String> handler) {
        return handling(store(), handler);
    }

    private EventProcessorBuilder<String, String> handling(
            JdbcIdempotencyStore store, JdbcEventHandler<String, String> handler) {
        return processor(store).handler(store.handler(handler));
    }

    /** The same, entering each order by its value, and answering with it. */
    EventProcessorBuilder<String, String> entering() {
        return entering(store());
    }

    EventProcessorBuilder<String, String> entering(JdbcIdempotencyStore store) {
        return handling(store, (event, context, connection) -> {
            enter(connection, event.value());
            context.send(orders.output, event.key(), event.value());
        });
    }

    static void enter(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO effect (id) VALUES (?)")) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }

    /** In no order: several are entered at a time. */
    List<String> effects() {
        return query("SELECT id FROM effect");
    }

    /** What is marked: {@code partition/offset state}, with what it was given up as. */
    List<String> marks() {
        return query(
                "SELECT CONCAT(source_partition, '/', source_offset, ' ', state, ' ' || given_up_as) FROM semel_mark"
                        + " ORDER BY source_partition, source_offset");
    }

    List<String> query(String sql) {
        return TestDatabase.query(database, sql);
    }

    void execute(String sql) {
        TestDatabase.execute(database, sql);
    }

    @Override
    public void close() {
        pool.close();
    }
}
