package dev.semel.examples.shop.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.InventoryEvent.StockReceived;
import dev.semel.examples.shop.event.InventoryEvent.StockRejected;
import dev.semel.examples.shop.event.InventoryEvent.StockReleased;
import dev.semel.examples.shop.event.InventoryEvent.StockReserved;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionStockTest {

    private final PartitionStock stock = new PartitionStock();
    private final List<InventoryEvent> events = new ArrayList<>();

    @Test
    void reservesWhatIsThereAndRejectsWhatIsNot() {
        handle(new ReceiveStock("d", 1, "kite", 5));

        assertThat(handle(new ReserveStock("a", 1, "kite", 3))).isEqualTo(new StockReserved("a", 1, "kite", 3, 2));
        assertThat(handle(new ReserveStock("b", 1, "kite", 3))).isEqualTo(new StockRejected("b", 1, "kite", 3, 2));
        assertThat(handle(new ReserveStock("c", 1, "kite", 2))).isEqualTo(new StockReserved("c", 1, "kite", 2, 0));
        assertThat(handle(new ReserveStock("d", 1, "lamp", 1))).isEqualTo(new StockRejected("d", 1, "lamp", 1, 0));
    }

    @Test
    void releasesAllThatAnOrderHoldsOfAProductAndOnlyOnce() {
        handle(new ReceiveStock("d", 1, "kite", 10));
        handle(new ReserveStock("a", 1, "kite", 3));
        handle(new ReserveStock("a", 2, "kite", 4));
        handle(new ReserveStock("a", 3, "kite", 4));

        assertThat(handle(new ReleaseStock("a", 1, "kite"))).isEqualTo(new StockReleased("a", 1, "kite", 7, 10));
        assertThat(handle(new ReleaseStock("a", 1, "kite"))).isEqualTo(new StockReleased("a", 1, "kite", 0, 10));
    }

    @Test
    void anOrderThatHoldsNothingReleasesNothing() {
        handle(new ReceiveStock("d", 1, "kite", 1));
        handle(new ReserveStock("a", 1, "kite", 2));

        assertThat(handle(new ReleaseStock("a", 1, "kite"))).isEqualTo(new StockReleased("a", 1, "kite", 0, 1));
        assertThat(handle(new ReleaseStock("unheard", 1, "kite")))
                .isEqualTo(new StockReleased("unheard", 1, "kite", 0, 1));
    }

    @Test
    void decidingChangesNothing() {
        handle(new ReceiveStock("d", 1, "kite", 5));
        handle(new ReserveStock("a", 1, "kite", 1));

        List<StockCommand> failing = List.of(
                new ReceiveStock("e", 1, "kite", 9),
                new ReserveStock("b", 1, "kite", 2),
                new ReleaseStock("a", 1, "kite"));
        failing.forEach(stock::decide);

        assertThat(handle(new ReserveStock("c", 1, "kite", 4))).isEqualTo(new StockReserved("c", 1, "kite", 4, 0));
        assertThat(handle(new ReleaseStock("a", 1, "kite"))).isEqualTo(new StockReleased("a", 1, "kite", 1, 1));
    }

    @Test
    void whatIsRestoredFromTheEventsDecidesAlike() {
        handle(new ReceiveStock("d", 1, "kite", 5));
        handle(new ReserveStock("a", 1, "kite", 3));
        handle(new ReserveStock("b", 1, "kite", 3));
        handle(new ReserveStock("c", 1, "kite", 1));
        handle(new ReleaseStock("c", 1, "kite"));
        var restored = new PartitionStock();
        events.forEach(restored::apply);

        List<StockCommand> next = List.of(
                new ReserveStock("e", 1, "kite", 2),
                new ReserveStock("e", 1, "kite", 3),
                new ReleaseStock("a", 1, "kite"),
                new ReleaseStock("b", 1, "kite"),
                new ReleaseStock("c", 1, "kite"),
                new ReceiveStock("d", 1, "kite", 1));

        assertThat(next.stream().map(restored::decide))
                .isEqualTo(next.stream().map(stock::decide).toList())
                .contains(new StockReceived("d", 1, "kite", 1, 3), new StockReleased("a", 1, "kite", 3, 5));
    }

    private InventoryEvent handle(StockCommand command) {
        InventoryEvent event = stock.decide(command);
        stock.apply(event);
        events.add(event);
        return event;
    }
}
