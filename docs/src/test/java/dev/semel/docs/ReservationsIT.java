package dev.semel.docs;

// tag::kafka-test[]
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

@KafkaTest
class ReservationsIT {

    @Test
    void eachOrderIsReservedOnce(TestKafka kafka) {
        String orders = kafka.topic("orders", 3);
        String reservations = kafka.topic("reservations", 3);
        String group = kafka.group("inventory");
        for (int i = 0; i < 100; i++) {
            kafka.send(orders, "order-" + i, "placed");
        }

        try (var processor = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(orders)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .handler((event, context) -> context.send(reservations, event.key(), "reserved"))
                .build()) {
            processor.start();

            assertThat(kafka.readCommitted(reservations, 100, Duration.ofSeconds(60)))
                    .extracting(reservation -> new String(reservation.key()))
                    .hasSize(100)
                    .doesNotHaveDuplicates();
        }
        assertThat(kafka.committedOffsets(group, orders).values()).hasSize(3);
    }
}
// end::kafka-test[]
