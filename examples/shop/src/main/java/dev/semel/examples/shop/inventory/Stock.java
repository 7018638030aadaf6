package dev.semel.examples.shop.inventory;

import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.InventoryEvent.StockReceived;
import dev.semel.examples.shop.event.InventoryEvent.StockRejected;
import dev.semel.examples.shop.event.InventoryEvent.StockReleased;
import dev.semel.examples.shop.event.InventoryEvent.StockReserved;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import dev.semel.idempotency.jdbc.VersionConflictException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The stock, as a transaction sees and changes it. A product's row is read without a lock, and changed only where its
 * version is still the one that was read. Otherwise somebody else was faster: the transaction is given up, and the
 * command decided afresh.
 *
 * <p>Commands of a product come one after the other, so in a shop by itself that does not happen. It does when somebody
 * corrects the stock by hand, or while two services both think that a partition is theirs.
 */
final class Stock {

    private final Connection connection;

    /** @param connection of the transaction */
    Stock(Connection connection) {
        this.connection = connection;
    }

    /** A product's row; version 0 where there is none yet. */
    private record Shelf(String product, long level, long version) {}

    /**
     * Does what a command asks for, as far as things allow it.
     *
     * @throws VersionConflictException where the product was changed meanwhile
     */
    InventoryEvent answer(StockCommand command) throws SQLException {
        Shelf shelf = shelf(command.product());
        if (command instanceof ReceiveStock receive) {
            return new StockReceived(
                    receive.deliveryId(),
                    receive.line(),
                    receive.product(),
                    receive.quantity(),
                    change(shelf, receive.quantity()));
        }
        if (command instanceof ReserveStock reserve) {
            if (reserve.quantity() > shelf.level()) {
                return new StockRejected(
                        reserve.orderId(), reserve.line(), reserve.product(), reserve.quantity(), shelf.level());
            }
            long level = change(shelf, -reserve.quantity());
            setAside(reserve);
            return new StockReserved(reserve.orderId(), reserve.line(), reserve.product(), reserve.quantity(), level);
        }
        var release = (ReleaseStock) command;
        long held = takeBack(release);
        return new StockReleased(
                release.orderId(),
                release.line(),
                release.product(),
                held,
                held == 0 ? shelf.level() : change(shelf, held));
    }

    private Shelf shelf(String product) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT level, version FROM stock WHERE product = ?")) {
            select.setString(1, product);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Shelf(product, row.getLong(1), row.getLong(2)) : new Shelf(product, 0, 0);
            }
        }
    }

    /** Changes the level, and tells what it is then. */
    private long change(Shelf shelf, long units) throws SQLException {
        long level = shelf.level() + units;
        String sql = shelf.version() == 0
                ? "INSERT INTO stock (level, product, version) VALUES (?, ?, ? + 1) ON CONFLICT DO NOTHING"
                : "UPDATE stock SET level = ?, version = version + 1 WHERE product = ? AND version = ?";
        try (PreparedStatement write = connection.prepareStatement(sql)) {
            write.setLong(1, level);
            write.setString(2, shelf.product());
            write.setLong(3, shelf.version());
            if (write.executeUpdate() == 0) {
                throw new VersionConflictException("the stock of " + shelf.product() + " has changed since version "
                        + shelf.version() + " of it was read");
            }
        }
        return level;
    }

    /** An order may hold a product in several lines. */
    private void setAside(ReserveStock reserve) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO reserved (product, order_id, quantity) VALUES (?, ?, ?) ON CONFLICT (product, order_id)"
                        + " DO UPDATE SET quantity = reserved.quantity + excluded.quantity")) {
            insert.setString(1, reserve.product());
            insert.setString(2, reserve.orderId());
            insert.setLong(3, reserve.quantity());
            insert.executeUpdate();
        }
    }

    /** How many units the order held of the product, which it does no longer. */
    private long takeBack(ReleaseStock release) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM reserved WHERE product = ? AND order_id = ? RETURNING quantity")) {
            delete.setString(1, release.product());
            delete.setString(2, release.orderId());
            try (ResultSet row = delete.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }
}
