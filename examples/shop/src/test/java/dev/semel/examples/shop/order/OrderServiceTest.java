package dev.semel.examples.shop.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.shop.event.OrderEvent.DeliveryArrived;
import dev.semel.examples.shop.event.OrderEvent.OrderCancelled;
import dev.semel.examples.shop.event.OrderEvent.OrderPlaced;
import dev.semel.examples.shop.event.OrderLine;
import dev.semel.examples.shop.event.StockCommand.ReceiveStock;
import dev.semel.examples.shop.event.StockCommand.ReleaseStock;
import dev.semel.examples.shop.event.StockCommand.ReserveStock;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderServiceTest {

    private static final List<OrderLine> LINES = List.of(new OrderLine("kite", 2), new OrderLine("kite", 3));

    @Test
    void eachLineIsACommandOfItsOwn() {
        assertThat(OrderService.commands(new OrderPlaced("o", LINES)))
                .containsExactly(new ReserveStock("o", 1, "kite", 2), new ReserveStock("o", 2, "kite", 3));
        assertThat(OrderService.commands(new DeliveryArrived("d", LINES)))
                .containsExactly(new ReceiveStock("d", 1, "kite", 2), new ReceiveStock("d", 2, "kite", 3));
        assertThat(OrderService.commands(new OrderCancelled("o", List.of("kite", "lamp"))))
                .containsExactly(new ReleaseStock("o", 1, "kite"), new ReleaseStock("o", 2, "lamp"));
    }
}
