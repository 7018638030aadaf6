package dev.semel.docs;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;

/** Sends on what it reads, until it is killed. */
final class RelayService {

    private RelayService() {}

    public static void main(String[] args) throws InterruptedException {
        try (var processor = EventProcessor.<String, String>builder()
                .kafka(Map.of("bootstrap.servers", args[0]))
                .group(args[1])
                .instance("relay-0")
                .topics(args[2])
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .maxInFlight(100, 1_000_000)
                .handler((event, context) -> context.send(args[3], event.key(), event.value()))
                .build()) {
            processor.start();
            processor.awaitTermination();
        }
    }
}
