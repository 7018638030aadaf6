package dev.semel.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Metrics tell what is kept, how old it is, and what has become of redrives. */
@KafkaTest
class LetterMetricsIT {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void whatIsKeptIsCountedByStateAndClassAndRedrivesByTheirOutcome(TestKafka kafka) throws Exception {
        var keeping = Keeping.on(kafka, 1);
        keeping.broken.addAll(List.of("a:1", "b:1", "c:1"));
        keeping.send("a:1", "b:1", "c:1", "a:2", "a:3", "b:2", "d:1");
        var now = new AtomicReference<>(START);
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters).clock(now::get).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=3, WAITING=3}");
            letters.park(List.of(keeping.id(0, 2)), "me", "looks odd").get(60, TimeUnit.SECONDS);
            now.set(START.plus(Duration.ofMinutes(7)));
            assertThat(values(processor))
                    .containsEntry("letters-published-total", 3.0)
                    .containsEntry("letters-kept open handler_exception", 2.0)
                    .containsEntry("letters-kept parked handler_exception", 1.0)
                    .containsEntry("letters-kept waiting none", 3.0)
                    .containsEntry("oldest-letter-age-ms", 7 * 60_000.0)
                    .containsEntry("blocked-keys", 3.0)
                    .containsEntry("longest-blocked-sequence", 2.0)
                    .containsEntry("redrives-total applied", 0.0);
            keeping.broken.remove("a:1");
            keeping.broken.add("a:3");
            Keeping.redrive(letters, List.of(keeping.id(0, 0), keeping.id(0, 1)));
            Keeping.awaitStates(letters, "{OPEN=2, WAITING=1, PARKED=1}");
            assertThat(values(processor))
                    .as("a:3 has failed when its turn came, which is a new letter and no redrive of one")
                    .containsEntry("letters-published-total", 4.0)
                    .containsEntry("redrives-total applied", 1.0)
                    .containsEntry("redrives-total failed_again", 1.0)
                    .containsEntry("letters-kept waiting none", 1.0);
            keeping.broken.clear();
            Keeping.redrive(
                    letters, letters.letters().stream().map(LetterStatus::id).toList());
            Keeping.awaitStates(letters, "{}");
            assertThat(values(processor))
                    .containsEntry("redrives-total applied", 4.0)
                    .containsEntry("letters-kept open handler_exception", 0.0)
                    .containsEntry("letters-kept waiting none", 0.0)
                    .containsEntry("oldest-letter-age-ms", 0.0)
                    .containsEntry("blocked-keys", 0.0)
                    .containsEntry("longest-blocked-sequence", 0.0);
            assertThat(processor.metrics().keySet().stream()
                            .filter(name -> name.group().equals(LetterMetric.GROUP))
                            .collect(Collectors.toMap(
                                    name -> name.name() + ": " + name.description(),
                                    name -> name.tags().keySet().stream()
                                            .filter(tag -> !List.of("group", "instance")
                                                    .contains(tag))
                                            .sorted()
                                            .toList(),
                                    (one, same) -> one)))
                    .isEqualTo(Arrays.stream(LetterMetric.values())
                            .collect(Collectors.toMap(
                                    metric -> metric.metricName() + ": " + metric.description(),
                                    metric -> metric.tags().stream().sorted().toList())));
        }
    }

    @Test
    void failureClassesBeyondFiftyAreOneAndTheAgeIsAShareOfTheTopicsRetention(TestKafka kafka) {
        var keeping = Keeping.on(kafka, 1);
        String letterTopic = kafka.topic("brief-letters", 1, Map.of("retention.ms", "3600000"));
        String[] values = IntStream.range(0, 60).mapToObj(i -> "k" + i + ":1").toArray(String[]::new);
        keeping.send(values);
        var now = new AtomicReference<>(START);
        var letters = DeadLetters.builder().build();
        try (var processor = keeping.processor(letters)
                .clock(now::get)
                .onFailure(RetryPolicy.never().thenDeadLetter(letterTopic))
                .handler((event, context) -> {
                    throw new EventRejectedException(new FailureClass("class_of_" + event.key()), "refused");
                })
                .build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=60}");
            now.set(START.plus(Duration.ofMinutes(45)));
            Map<String, Double> shown = values(processor);
            assertThat(shown)
                    .containsEntry("oldest-letter-retention-share", 0.75)
                    .containsEntry("letters-kept open other", 60.0 - LetterMetric.MOST_CLASSES);
            assertThat(shown.keySet())
                    .filteredOn(name -> name.startsWith("letters-kept open class_of_k"))
                    .hasSize(LetterMetric.MOST_CLASSES);
        }
    }

    private static Map<String, Double> values(EventProcessor<?, ?> processor) {
        var values = new TreeMap<String, Double>();
        processor.metrics().forEach((name, metric) -> {
            if (name.group().equals(LetterMetric.GROUP)) {
                String shown = Stream.of(
                                name.name(),
                                name.tags().get(LetterMetric.STATE),
                                name.tags().get(LetterMetric.FAILURE_CLASS),
                                name.tags().get(LetterMetric.OUTCOME))
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(" "));
                values.put(shown, ((Number) metric.metricValue()).doubleValue());
            }
        });
        return values;
    }
}
