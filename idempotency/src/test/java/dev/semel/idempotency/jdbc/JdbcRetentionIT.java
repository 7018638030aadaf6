package dev.semel.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.idempotency.Orders;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** For how long marks are kept, on whole processors. The database's clock cannot be set, so its marks are made older instead. */
@KafkaTest
@Timeout(300)
class JdbcRetentionIT {

    @Test
    void aConsumerThatWasDownForLongerThanTheRetentionRepeatsNothingOfItsBacklog(TestKafka kafka) {
        try (var ledger = Ledger.on(kafka, 2)) {
            Orders orders = ledger.orders;
            long today = System.currentTimeMillis();
            long began = today - Orders.RETENTION.multipliedBy(10).toMillis();
            kafka.send(List.of(orders.order(0, "a", "a", began), orders.order(1, "x", "x", began)));
            try (var processor = ledger.entering().build()) {
                processor.start();
                orders.awaitCommitted(2);
            }
            // Ten retentions pass. The duplicate of a came soon after it, and is still to be read.
            long soon = began + Duration.ofHours(1).toMillis();
            ledger.execute("UPDATE semel_mark SET marked_at_ms = " + began);
            kafka.send(List.of(orders.order(0, "b", "b", soon), orders.order(1, "y", "y", today)));
            JdbcIdempotencyStore store = Ledger.builder(ledger.pool)
                    .cleanUpInterval(Duration.ofMillis(20))
                    .build();
            try (var processor = ledger.processor(store)
                    .handler(store.handler((event, context, connection) -> Ledger.enter(connection, event.value())))
                    .build()) {
                processor.start();
                orders.awaitCommitted(4);
                awaitForgotten(ledger, "1/0");
                // So marks are being deleted; between two that are, each partition has had its turn.
                ledger.execute("UPDATE semel_mark SET marked_at_ms = " + began + ", record_time_ms = " + began
                        + " WHERE source_partition = 1");
                awaitForgotten(ledger, "1/1");
                kafka.send(List.of(orders.order(0, "a", "a again", soon), orders.order(0, "c", "c", today)));
                orders.awaitCommitted(6);
                assertThat(Orders.duplicates(processor)).isEqualTo(1);
                // And from then on it is forgotten.
                awaitForgotten(ledger, "0/0");
                kafka.send(List.of(orders.order(0, "a", "a, long after", today)));
                orders.awaitCommitted(7);
            }
            assertThat(ledger.effects()).containsExactlyInAnyOrder("a", "x", "b", "y", "c", "a, long after");
        }
    }

    private static void awaitForgotten(Ledger ledger, String position) {
        await().atMost(Orders.DEADLINE)
                .untilAsserted(() -> assertThat(ledger.marks()).noneMatch(mark -> mark.startsWith(position + " ")));
    }
}
