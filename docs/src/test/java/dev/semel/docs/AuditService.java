package dev.semel.docs;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;

/** A service that is nothing but a processor. */
final class AuditService {

    private AuditService() {}

    // tag::service[]
    public static void main(String[] args) throws InterruptedException {
        var processor = EventProcessor.<String, String>builder()
                .kafka(Map.of("bootstrap.servers", args[0]))
                .group("audit-service")
                .topics("shop.orders")
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .handler((event, context) -> context.send("shop.audit", event.key(), event.value()))
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> processor.close(Duration.ofSeconds(20))));
        processor.start();
        processor.awaitTermination();
    }
    // end::service[]
}
