package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.Redriver.Place;
import dev.semel.dlq.Redriver.Point;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That a redrive goes on where the process was killed, and does nothing twice. */
@KafkaTest
@Timeout(300)
class RedriveCrashIT {

    private static final int EVENTS_OF_A_KEY = 5;

    private final List<String> keys = new ArrayList<>();

    @Test
    void aRedriveThatIsKilledAtAnyStepGoesOnAndDoesNothingTwice(TestKafka kafka) {
        Place place = place(kafka);
        for (Point point : Point.values()) {
            // The first commits of a redrive say that it is begun, the next have its effects, and so on for what
            // waited.
            for (int occurrence = 1; point != Point.NEVER && occurrence <= 2; occurrence++) {
                String key = point + "-" + occurrence;
                letter(kafka, place, key);
                try (JavaProcess doomed = Redriver.start(place, point, occurrence)) {
                    assertThat(doomed.awaitExit(Keeping.DEADLINE)).as(key).isEqualTo(FaultInjection.HALTED);
                }
            }
        }
        letter(kafka, place, "last");
        try (JavaProcess survivor = Redriver.start(place, Point.NEVER, 0)) {
            survivor.awaitOutput(Redriver.DONE, Keeping.DEADLINE);
            survivor.stop(Keeping.DEADLINE);
        }
        List<String> outputs =
                kafka.readCommitted(place.output(), keys.size() * EVENTS_OF_A_KEY, Keeping.DEADLINE).stream()
                        .map(record -> new String(record.value(), UTF_8))
                        .toList();
        for (String key : keys) {
            assertThat(outputs).filteredOn(value -> value.startsWith(key + ":")).containsExactlyElementsOf(values(key));
        }
        assertThat(outputs).hasSize(keys.size() * EVENTS_OF_A_KEY);
    }

    @Test
    void aLetterThatKillsItsProcessThreeTimesStaysOpenAndItsNeighboursAreHandled(TestKafka kafka) {
        Place place = place(kafka);
        try (var processor = broken(place, Redriver.keeping())) {
            processor.start();
            for (String value : List.of("a:1", "b:" + Redriver.DEADLY, "c:1", "b:2", "c:2")) {
                kafka.send(place.input(), value.substring(0, 1), value);
            }
            awaitCommitted(kafka, place, 5);
        }
        int deaths = 0;
        for (boolean survives = false; !survives && deaths < 9; ) {
            try (JavaProcess process = Redriver.start(place, Point.NEVER, 0)) {
                await().atMost(Keeping.DEADLINE)
                        .until(() -> !process.isAlive() || process.output().contains(Redriver.GIVEN_UP));
                survives = process.isAlive();
                deaths += survives ? 0 : 1;
            }
        }
        assertThat(deaths).isEqualTo(3);
        assertThat(kafka.readCommitted(place.output(), 3, Keeping.DEADLINE).stream()
                        .map(record -> new String(record.value(), UTF_8)))
                .containsExactlyInAnyOrder("a:1", "c:1", "c:2");
        var letters = Redriver.keeping();
        try (var processor = broken(place, letters)) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
            assertThat(letters.letters().get(0)).satisfies(letter -> {
                assertThat(letter.failureClass()).isEqualTo(FailureClass.PROCESS_DIED);
                assertThat(letter.reason()).contains("3 redrives");
            });
        }
    }

    private static Place place(TestKafka kafka) {
        return new Place(
                kafka.bootstrapServers(),
                kafka.group("crash"),
                kafka.topic("input", 1),
                kafka.topic("output", 1),
                kafka.topic("letters", 1, java.util.Map.of("max.message.bytes", "2000000")));
    }

    private static List<String> values(String key) {
        return IntStream.rangeClosed(1, EVENTS_OF_A_KEY)
                .mapToObj(i -> key + ":" + i)
                .toList();
    }

    /** Its first event becomes a letter, and the others wait. */
    private void letter(TestKafka kafka, Place place, String key) {
        keys.add(key);
        kafka.send(values(key).stream()
                .map(value -> new ProducerRecord<>(place.input(), key.getBytes(UTF_8), value.getBytes(UTF_8)))
                .toList());
        try (var processor = broken(place, Redriver.keeping())) {
            processor.start();
            awaitCommitted(kafka, place, (long) keys.size() * EVENTS_OF_A_KEY);
        }
    }

    /** The fault is not mended here. */
    private static dev.semel.core.EventProcessor<String, String> broken(Place place, DeadLetters letters) {
        return Redriver.processor(place, letters)
                .handler((event, context) -> {
                    if (event.value().endsWith(":1") || event.value().endsWith(Redriver.DEADLY)) {
                        throw new IllegalStateException("broken");
                    }
                    context.send(place.output(), event.key(), event.value());
                })
                .build();
    }

    private static void awaitCommitted(TestKafka kafka, Place place, long offset) {
        await().atMost(Keeping.DEADLINE)
                .untilAsserted(() -> assertThat(kafka.committedOffsets(place.group(), place.input())
                                .values())
                        .extracting(committed -> committed.offset())
                        .containsExactly(offset));
    }
}
