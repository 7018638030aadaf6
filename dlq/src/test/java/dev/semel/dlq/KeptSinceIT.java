package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Letters from when nobody kept them are open, and are copied; those whose ends are forgotten are not. */
@KafkaTest
@Timeout(180)
class KeptSinceIT {

    private final Keeping keeping;

    KeptSinceIT(TestKafka kafka) {
        this.keeping = Keeping.on(kafka, 1);
    }

    /** Without anybody who keeps letters. */
    private void runPlain(int committed, String... values) {
        keeping.send(values);
        try (var processor = EventProcessor.<String, String>builder()
                .kafka(keeping.kafka.clientConfig())
                .group(keeping.group)
                .topics(keeping.input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.never().thenDeadLetter(keeping.letters))
                .handler((event, context) -> {
                    throw new IllegalStateException("broken: " + event.value());
                })
                .build()) {
            processor.start();
            keeping.awaitCommitted(committed);
        }
    }

    private static List<String> states(DeadLetterReprocessor operator) {
        return operator.list(all(), 9).stream()
                .map(letter -> new String(letter.key()) + " " + letter.state())
                .toList();
    }

    @Test
    void lettersThatNobodyKeptAreOpenUntilTheyAreCopied() {
        runPlain(1, "x:1");
        keeping.broken.add("y:1");
        keeping.send("y:1");
        var letters = DeadLetters.builder().endsKeptFor(Duration.ofMillis(1)).build();
        try (var processor = keeping.processor(letters).build();
                var operator = DeadLetterReprocessor.open(keeping.kafka.clientConfig(), keeping.letters)) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1}");
            assertThat(states(operator)).containsExactly("x OPEN", "y OPEN");
            keeping.broken.clear();
            RedriveReport report = operator.select(all()).redrive();
            assertThat(report.applied()).as(report.toString()).isEqualTo(2);
            assertThat(keeping.outputs(2)).containsExactlyInAnyOrder("x:1", "y:1");
            assertThat(states(operator)).containsExactly("x SENT", "y RESOLVED");
            // Its end is forgotten with the next one, and the next but one.
            for (String value : List.of("z:1", "z:2")) {
                keeping.broken.add(value);
                keeping.send(value);
                await().atMost(Keeping.DEADLINE).until(() -> letters.letters().size() == 1);
                keeping.broken.clear();
                operator.select(all()).redrive();
                await().atMost(Keeping.DEADLINE).until(() -> letters.letters().isEmpty());
            }
            assertThat(operator.lastChange(keeping.id(0, 1))).isEmpty();
            assertThat(states(operator)).containsExactly("x SENT", "y RESOLVED", "z RESOLVED", "z RESOLVED");
        }
        // Its participant was left out for a while.
        runPlain((int) keeping.committed() + 1, "v:1");
        var again = DeadLetters.builder().build();
        try (var processor = keeping.processor(again).build();
                var operator = DeadLetterReprocessor.open(keeping.kafka.clientConfig(), keeping.letters)) {
            processor.start();
            keeping.broken.add("w:1");
            keeping.send("w:1");
            Keeping.awaitStates(again, "{OPEN=1}");
            assertThat(states(operator))
                    .containsExactly("x SENT", "y RESOLVED", "z RESOLVED", "z RESOLVED", "v OPEN", "w OPEN");
        }
    }
}
