package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.UnreadableEventException;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Letters of events that are newer than their reader are handled by themselves once that is upgraded. */
@KafkaTest
class NewSchemasIT {

    private final AtomicInteger reads = new AtomicInteger();
    private volatile int version = 1;

    @Test
    void eachAssignmentTriesThemOnceUntilItsReaderCanReadThem(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.send("a:v2", "a:2", "b:v2");
        var first = DeadLetters.builder().build();
        try (var processor = processor(keeping, first).build()) {
            processor.start();
            Keeping.awaitStates(first, "{OPEN=2, WAITING=1}");
        }
        for (int restart = 1; restart <= 2; restart++) {
            int expected = restart;
            reads.set(0);
            // It is no use to people to have them parked: who mends that deploys anew.
            var letters = DeadLetters.builder().parkAfterSameFault(1).build();
            try (var processor = processor(keeping, letters).build()) {
                processor.start();
                await().atMost(Keeping.DEADLINE)
                        .until(() -> letters.letters().stream()
                                        .filter(letter ->
                                                letter.state() == LetterState.OPEN && letter.attempts() == expected)
                                        .count()
                                == 2);
                keeping.send("c:" + restart);
                assertThat(keeping.outputs(restart)).hasSize(restart);
                assertThat(reads).as("in restart " + restart).hasValue(2);
            }
        }
        version = 2;
        var letters = DeadLetters.builder().build();
        try (var processor = processor(keeping, letters).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{}");
            assertThat(keeping.outputs(5, "a")).containsExactly("a:v2", "a:2");
            assertThat(keeping.outputs(5, "b")).containsExactly("b:v2");
        }
    }

    @Test
    void theyAreNotHandedInAllAtOnce(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        keeping.send("a:v2", "b:v2", "c:v2", "d:v2", "e:v2");
        var now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        var before = DeadLetters.builder().build();
        try (var processor = processor(keeping, before).clock(now::get).build()) {
            processor.start();
            Keeping.awaitStates(before, "{OPEN=5}");
        }
        version = 2;
        var letters = DeadLetters.builder().newSchemasPerSecond(2).build();
        try (var processor = processor(keeping, letters).clock(now::get).build()) {
            processor.start();
            for (String left : List.of("{OPEN=3}", "{OPEN=1}", "{}")) {
                Keeping.awaitStates(letters, left);
                now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
            }
        }
        assertThat(keeping.outputs(5)).hasSize(5);
    }

    private EventProcessorBuilder<String, String> processor(Keeping keeping, DeadLetters letters) {
        Deserializer<String> reading = (topic, data) -> {
            String text = new String(data, UTF_8);
            if (text.endsWith("v2") && version < 2) {
                reads.incrementAndGet();
                throw new UnreadableEventException(
                        FailureClass.SCHEMA_TOO_NEW, "version 2", text + " is of version 2, and 1 is known", null);
            }
            return text;
        };
        return keeping.processor(letters)
                .events(EventSerde.of(Serdes.String(), Serdes.serdeFrom(new StringSerializer(), reading)));
    }
}
