package dev.semel.examples.shop.inventory;

import dev.semel.core.EventProcessor;
import dev.semel.dlq.DeadLetters;
import dev.semel.examples.shop.event.InventoryEvent;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.event.StockCommand;
import dev.semel.examples.shop.service.InjectedFailures;
import dev.semel.examples.shop.service.ServiceLauncher;
import dev.semel.examples.shop.service.ServiceSettings;
import dev.semel.idempotency.Idempotency;
import dev.semel.idempotency.jdbc.JdbcIdempotencyStore;
import java.time.Duration;

/**
 * Sets stock aside for orders, rejects what there is not enough of, and puts back what is cancelled. The stock is in
 * the database; what a command changes there is committed together with a mark that the command had its effect, and
 * with the event that answers it. A service that dies before it has sent that event to Kafka sends it when it is back,
 * and changes nothing again.
 */
public final class InventoryService {

    private static final int HANDLERS = 16;

    /** The longest for which a command may come again: by a rewind, or as a dead letter that is redriven. */
    private static final Duration RETENTION = Duration.ofDays(7);

    private InventoryService() {}

    public static void main(String... arguments) {
        ServiceLauncher.launch(arguments, InventoryService::processor);
    }

    static EventProcessor<String, StockCommand> processor(ServiceSettings settings, DeadLetters letters) {
        ShopNames names = settings.names();
        InjectedFailures failures = settings.failures().rarelyForGood();
        JdbcIdempotencyStore store = JdbcIdempotencyStore.builder(
                        settings.database().pool(HANDLERS + 3))
                .retaining(RETENTION)
                .deadLettersRedrivenWithin(RETENTION)
                .build();
        return EventProcessor.<String, StockCommand>builder()
                .kafka(settings.kafka())
                .group(names.inventoryGroup())
                // A name that outlives the process: killed and started again, it has its partitions back at once.
                .instance("inventory-1")
                .topics(names.reservations())
                .events(StockCommand.JSON)
                .concurrency(HANDLERS)
                .participant(Idempotency.with(store))
                .participant(letters)
                .onFailure(settings.retriesThenLetter(names.inventoryLetters()))
                .handler(store.handler((event, context, connection) -> {
                    InventoryEvent answer = new Stock(connection).answer(event.value());
                    context.send(names.inventory(), answer.product(), answer);
                    // After all that it does, so that a failure shows: the change in the database goes, too.
                    failures.strike(event.id(), context.attempt());
                }))
                .build();
    }
}
