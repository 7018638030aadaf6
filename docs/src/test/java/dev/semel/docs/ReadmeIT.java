package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.JsonEvents;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** What README.md shows first: it reads an old and a new version, puts a letter aside, and what it sends is committed. */
@KafkaTest(ownCluster = true)
class ReadmeIT {

    // tag::first-processor[]
    record OrderPlaced(String orderId, String sku, int quantity, String shippingMethod) {}

    record StockReserved(String orderId, String sku, int quantity) {}

    static void reserveStock(Map<String, ?> kafka) throws InterruptedException {
        try (var inventory = EventProcessor.<String, OrderPlaced>builder()
                .kafka(kafka) // bootstrap.servers, security: passed on to consumer, producer and admin client
                .group("inventory-service")
                .topics("shop.orders")
                .events(JsonEvents.of(OrderPlaced.class)
                        .upcast("OrderPlaced", 1, v1 -> v1.put("shippingMethod", "standard")))
                .onFailure(RetryPolicy.exponential(Duration.ofMillis(100), Duration.ofSeconds(5))
                        .maxAttempts(4)
                        .thenDeadLetter("shop.orders.inventory.dlq"))
                .handler((event, context) -> {
                    OrderPlaced order = event.value();
                    var reserved = new StockReserved(order.orderId(), order.sku(), order.quantity());
                    context.send("shop.inventory", event.key(), reserved);
                })
                .build()) {
            inventory.start(); // its checks passed and it joins its group; else StartupException, by a deadline
            inventory.awaitTermination(); // returns when closed; throws what it could not recover from
        }
    }
    // end::first-processor[]

    @Test
    void theFirstExampleProcessesEvents(TestKafka kafka) throws Exception {
        Topics.create(kafka, 1, "shop.orders", "shop.inventory", "shop.orders.inventory.dlq");
        kafka.send("shop.orders", "o-1", "{\"orderId\":\"o-1\",\"sku\":\"tea\",\"quantity\":2}", version("1"));
        kafka.send("shop.orders", "o-2", "{\"orderId\":");
        kafka.send(
                "shop.orders",
                "o-3",
                "{\"orderId\":\"o-3\",\"sku\":\"cup\",\"quantity\":1,\"shippingMethod\":\"express\"}",
                version("2"));
        var service = Executors.newSingleThreadExecutor();
        try {
            var running = service.submit(() -> {
                reserveStock(kafka.clientConfig());
                return "closed";
            });
            assertThat(Topics.values(kafka.readCommitted("shop.inventory", 2, Topics.DEADLINE)))
                    .containsExactly(
                            "{\"orderId\":\"o-1\",\"sku\":\"tea\",\"quantity\":2}",
                            "{\"orderId\":\"o-3\",\"sku\":\"cup\",\"quantity\":1}");
            assertThat(kafka.readCommitted("shop.orders.inventory.dlq", 1, Topics.DEADLINE))
                    .singleElement()
                    .satisfies(letter -> assertThat(
                                    DeadLetter.of(letter).orElseThrow().failureClass())
                            .isEqualTo(FailureClass.DESERIALIZATION_FAILED));
            assertThat(kafka.committedOffsets("inventory-service", "shop.orders")
                            .values())
                    .extracting(OffsetAndMetadata::offset)
                    .containsExactly(3L);
            assertThat(running).isNotDone();
        } finally {
            service.shutdownNow(); // interrupts awaitTermination, so that the processor is closed
            assertThat(service.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Header[] version(String version) {
        return new Header[] {Topics.header("ce_type", "OrderPlaced"), Topics.header("ce_dataversion", version)};
    }
}
