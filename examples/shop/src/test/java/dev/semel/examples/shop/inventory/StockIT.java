package dev.semel.examples.shop.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.examples.shop.database.DatabaseSettings;
import dev.semel.examples.shop.database.TestPostgres;
import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.InventoryEvent.StockRejected;
import dev.semel.examples.shop.event.InventoryEvent.StockReleased;
import dev.semel.examples.shop.event.InventoryEvent.StockReserved;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import dev.semel.idempotency.jdbc.VersionConflictException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stock's decisions, in a real database. */
class StockIT {

    private final DatabaseSettings database = TestPostgres.database();
    private Connection connection;

    @BeforeEach
    void createTables() throws Exception {
        try (Connection setUp = database.connect();
                Statement statement = setUp.createStatement();
                InputStream script = StockIT.class.getResourceAsStream("/shop-schema.sql")) {
            statement.execute("CREATE SCHEMA " + database.schema());
            statement.execute(new String(Objects.requireNonNull(script).readAllBytes(), UTF_8));
        }
        connection = transaction();
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    @Test
    void reservesWhatIsThereAndRejectsWhatIsNot() throws SQLException {
        handle(new ReceiveStock("d", 1, "kite", 5));

        assertThat(handle(new ReserveStock("a", 1, "kite", 3))).isEqualTo(new StockReserved("a", 1, "kite", 3, 2));
        assertThat(handle(new ReserveStock("b", 1, "kite", 3))).isEqualTo(new StockRejected("b", 1, "kite", 3, 2));
        assertThat(handle(new ReserveStock("c", 1, "kite", 2))).isEqualTo(new StockReserved("c", 1, "kite", 2, 0));
        assertThat(handle(new ReserveStock("d", 1, "lamp", 1))).isEqualTo(new StockRejected("d", 1, "lamp", 1, 0));
    }

    @Test
    void releasesAllThatAnOrderHoldsOfAProductAndOnlyOnce() throws SQLException {
        handle(new ReceiveStock("d", 1, "kite", 10));
        handle(new ReserveStock("a", 1, "kite", 3));
        handle(new ReserveStock("a", 2, "kite", 4));
        handle(new ReserveStock("a", 3, "kite", 4));

        assertThat(handle(new ReleaseStock("a", 1, "kite"))).isEqualTo(new StockReleased("a", 1, "kite", 7, 10));
        assertThat(handle(new ReleaseStock("a", 1, "kite"))).isEqualTo(new StockReleased("a", 1, "kite", 0, 10));
    }

    @Test
    void anOrderThatHoldsNothingReleasesNothing() throws SQLException {
        handle(new ReceiveStock("d", 1, "kite", 1));
        handle(new ReserveStock("a", 1, "kite", 2));

        assertThat(handle(new ReleaseStock("a", 1, "kite"))).isEqualTo(new StockReleased("a", 1, "kite", 0, 1));
        assertThat(handle(new ReleaseStock("unheard", 1, "lamp")))
                .isEqualTo(new StockReleased("unheard", 1, "lamp", 0, 0));
    }

    @Test
    void eachChangeOfALevelIsAVersionAndNothingElseIs() throws SQLException {
        handle(new ReceiveStock("d", 1, "kite", 5));
        handle(new ReserveStock("a", 1, "kite", 3));
        handle(new ReserveStock("b", 1, "kite", 3));
        handle(new ReleaseStock("a", 1, "kite"));
        handle(new ReleaseStock("a", 1, "kite"));

        assertThat(version("kite")).isEqualTo(3);
    }

    @Test
    void whatIsRolledBackHasNotHappened() throws SQLException {
        handle(new ReceiveStock("d", 1, "kite", 5));
        handle(new ReserveStock("a", 1, "kite", 1));

        new Stock(connection).answer(new ReleaseStock("a", 1, "kite"));
        new Stock(connection).answer(new ReserveStock("b", 1, "kite", 2));
        connection.rollback();

        assertThat(handle(new ReserveStock("c", 1, "kite", 4))).isEqualTo(new StockReserved("c", 1, "kite", 4, 0));
        assertThat(handle(new ReleaseStock("a", 1, "kite"))).isEqualTo(new StockReleased("a", 1, "kite", 1, 1));
        assertThat(handle(new ReleaseStock("b", 1, "kite"))).isEqualTo(new StockReleased("b", 1, "kite", 0, 1));
    }

    @Test
    void aChangeThatSomebodyElseMadeMeanwhileIsAConflictAndNotLost() throws Exception {
        handle(new ReceiveStock("d", 1, "kite", 5));

        assertConflict(new ReserveStock("b", 1, "kite", 4), "UPDATE stock SET level = 1, version = version + 1");

        assertThat(handle(new ReserveStock("b", 1, "kite", 4))).isEqualTo(new StockRejected("b", 1, "kite", 4, 1));
    }

    @Test
    void aProductThatSomebodyElsePutIntoStockMeanwhileIsAConflict() throws Exception {
        assertConflict(new ReceiveStock("d", 1, "kite", 5), "INSERT INTO stock VALUES ('kite', 7, 1)");

        handle(new ReceiveStock("d", 1, "kite", 5));
        assertThat(handle(new ReserveStock("a", 1, "kite", 12))).isEqualTo(new StockReserved("a", 1, "kite", 12, 0));
    }

    /** The command has read when the other transaction commits: it waits in its own change for the other's. */
    private void assertConflict(StockCommand command, String change) throws Exception {
        try (Connection other = transaction();
                Statement statement = other.createStatement()) {
            statement.execute(change);
            CompletableFuture<InventoryEvent> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return new Stock(connection).answer(command);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Awaitility.await().until(() -> waitingBackends() > 0);
            other.commit();

            assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(VersionConflictException.class)
                    .hasMessageContaining("the stock of kite has changed");
        }
        connection.rollback();
    }

    private long waitingBackends() throws SQLException {
        try (Connection observer = database.connect();
                Statement statement = observer.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%stock%'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private InventoryEvent handle(StockCommand command) throws SQLException {
        InventoryEvent event = new Stock(connection).answer(command);
        connection.commit();
        return event;
    }

    private long version(String product) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version FROM stock WHERE product = '" + product + "'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private Connection transaction() throws SQLException {
        Connection transaction = database.connect();
        transaction.setAutoCommit(false);
        return transaction;
    }
}
