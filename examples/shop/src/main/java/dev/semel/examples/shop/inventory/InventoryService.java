package dev.semel.examples.shop.inventory;

import dev.semel.core.EventProcessor;
import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.service.ServiceLauncher;
import dev.semel.examples.shop.service.ServiceSettings;

/**
 * Sets stock aside for orders, rejects what there is not enough of, and puts back what is cancelled. It answers each
 * command with one event, in one transaction with the command's offset.
 */
public final class InventoryService {

    private InventoryService() {}

    public static void main(String... arguments) {
        ServiceLauncher.launch(arguments, InventoryService::processor);
    }

    static EventProcessor<String, StockCommand> processor(ServiceSettings settings) {
        ShopNames names = settings.names();
        var stocks = new Stocks(settings.kafka(), names.inventory());
        return EventProcessor.<String, StockCommand>builder()
                .kafka(settings.kafka())
                .group(names.inventoryGroup())
                // A name that outlives the process: killed and started again, it has its partitions back at once.
                .instance("inventory-1")
                .topics(names.reservations())
                .events(StockCommand.JSON)
                .participant(stocks)
                .onFailure(settings.retriesThenLetter(names.inventoryLetters()))
                .handler((event, context) -> {
                    PartitionStock stock = stocks.of(event.position().partition());
                    InventoryEvent decided = stock.decide(event.value());
                    context.send(names.inventory(), decided.product(), decided);
                    settings.failures().strike(event.id(), context.attempt());
                    // Memory changes last: an attempt that fails before has changed nothing.
                    stock.apply(decided);
                })
                .build();
    }
}
