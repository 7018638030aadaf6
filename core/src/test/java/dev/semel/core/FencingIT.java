package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.ProcessorFailedException;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Another producer takes the transactional id. */
@KafkaTest
class FencingIT {

    @Test
    void aFencedProducerIsReplacedAndWhatIsCompleteIsSentAgainWithoutItsHandlers(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(100);
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        try (var processor = processing
                .processor()
                .instance("one")
                .handler((event, context) -> {
                    calls.merge(event.value(), 1, Integer::sum);
                    if (event.value().equals("50")) {
                        fence(processing);
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            processing.awaitCommitted(100);
            assertThat(processing.outputValues(100)).isEqualTo(numbers(100));
        }
        assertThat(calls)
                .hasSize(100)
                .allSatisfy((value, count) -> assertThat(count).isEqualTo(1));
    }

    @Test
    void threeFencesInAMinuteEndInFailedAndNameTheId(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(1_000);
        try (var processor = processing
                .processor()
                .instance("one")
                .handler((event, context) -> {
                    if (Integer.parseInt(event.value()) % 10 == 5) {
                        fence(processing);
                    }
                    context.send(processing.output, event.key(), event.value());
                })
                .build()) {
            processor.start();
            assertThatThrownBy(() -> processor.awaitTermination(Processing.DEADLINE))
                    .isInstanceOf(ProcessorFailedException.class)
                    .hasMessageContaining("semel-" + processing.group + "-one-0 was fenced 3 times in a minute")
                    .hasMessageContaining("give each its own");
        }
        List<String> outputs = processing.outputValues(0);
        assertThat(outputs).isEqualTo(numbers(outputs.size()));
        assertThat(processing.committed()).isEqualTo(outputs.size());
    }

    private static void fence(Processing processing) {
        var config = processing.kafka.clientConfig();
        config.put("transactional.id", "semel-" + processing.group + "-one-0");
        try (var other = KafkaClients.standard().producer(config)) {
            other.initTransactions();
        }
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
