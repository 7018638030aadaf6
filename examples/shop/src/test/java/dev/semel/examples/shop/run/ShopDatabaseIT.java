package dev.semel.examples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.examples.shop.balance.StockTable;
import dev.semel.examples.shop.balance.StockTable.Holding;
import dev.semel.examples.shop.balance.StockTable.Shelf;
import dev.semel.examples.shop.database.DatabaseSettings;
import dev.semel.examples.shop.database.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopDatabaseIT {

    @TempDir
    private Path directory;

    @Test
    void oneOfItsOwnEndsWhenItIsClosedAndLeavesItsDataInTheDirectory() {
        ShopDatabase database = ShopDatabase.start(directory.resolve("postgresql"), "shop");
        DatabaseSettings settings;
        try (database) {
            database.createTables();
            settings = database.settings();
            assertThat(database.stock()).isEqualTo(new StockTable(Map.of(), Map.of()));
        }

        assertThatThrownBy(settings::connect).isInstanceOf(SQLException.class).hasMessageContaining("refused");
        assertThat(directory.resolve("postgresql/data/PG_VERSION")).exists();
        assertThat(directory.resolve("postgresql/data/postmaster.pid")).doesNotExist();
        assertThat(directory.resolve("postgresql/postgresql.log")).isNotEmptyFile();
    }

    @Test
    void anInterruptedRunStopsItAllTheSame() {
        ShopDatabase database = ShopDatabase.start(directory.resolve("postgresql"), "shop");
        Thread.currentThread().interrupt();

        database.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(directory.resolve("postgresql/data/postmaster.pid")).doesNotExist();
    }

    @Test
    void theStockIsWhatTheTablesHold() throws SQLException {
        DatabaseSettings settings = TestPostgres.database();
        try (ShopDatabase database = ShopDatabase.at(settings)) {
            database.createTables();
            try (Connection connection = settings.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO stock VALUES ('kite', 7, 3), ('lamp', 0, 2);"
                        + "INSERT INTO reserved VALUES ('lamp', 'order-1', 5)");
            }

            assertThat(database.stock())
                    .isEqualTo(new StockTable(
                            Map.of("kite", new Shelf(7, 3), "lamp", new Shelf(0, 2)),
                            Map.of(new Holding("lamp", "order-1"), 5L)));

            database.dropTables();
            assertThatThrownBy(database::stock)
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining("could not be used: tried to read the stock");
        }
    }
}
