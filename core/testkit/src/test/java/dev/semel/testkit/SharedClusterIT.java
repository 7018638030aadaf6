package dev.semel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@KafkaTest
class SharedClusterIT {

    @Test
    void whatWasSentIsReadBack(TestKafka kafka) {
        String topic = kafka.topic("orders");
        kafka.send(topic, "k", "v");
        assertThat(kafka.readCommitted(topic, 1, Duration.ofSeconds(10)))
                .singleElement()
                .satisfies(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                        .isEqualTo("v"));
    }
}
