package dev.semel.dlq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** Letters near the end of their topic's retention are counted, and written there again. */
@KafkaTest
class LetterRetentionIT {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void lettersNearTheEndOfTheirRetentionAreCountedAndWrittenAgainWithoutLosingTheirPlace(TestKafka kafka)
            throws Exception {
        var keeping = Keeping.on(kafka, 1);
        String letterTopic = kafka.topic("brief-letters", 1, Map.of("retention.ms", "3600000"));
        keeping.broken.addAll(List.of("a:1", "b:1"));
        kafka.send(keeping.input, "a", "a:1", new RecordHeader("ce_type", "order".getBytes(UTF_8)));
        keeping.send("b:1", "a:2");
        List<String> ids = List.of(keeping.id(0, 0), keeping.id(0, 1));
        var letters = DeadLetters.builder().build();
        try (var processor = processor(keeping, letters, letterTopic).build()) {
            processor.start();
            Keeping.awaitStates(letters, "{OPEN=2, WAITING=1}");
            assertThat(Keeping.redrive(letters, ids).failedAgain()).hasSize(2);
            letters.park(ids.subList(1, 2), "me", "looks odd").get(60, TimeUnit.SECONDS);
            passed(Duration.ofMinutes(40));
            assertThat(near(processor)).isZero();
            passed(Duration.ofMinutes(9));
            assertThat(near(processor)).isEqualTo(2);
            InPlaceReport report = letters.rewrite(
                            List.of(ids.get(0), ids.get(1), keeping.id(0, 2), keeping.id(0, 9)), "me")
                    .get(60, TimeUnit.SECONDS);
            assertThat(report.applied()).isEqualTo(2);
            assertThat(report.skipped()).containsOnlyKeys(keeping.id(0, 2), keeping.id(0, 9));
            assertThat(near(processor)).isZero();
            assertThat(value(processor, LetterMetric.LETTERS_REWRITTEN_TOTAL)).isEqualTo(2);
            assertThat(letters.letters())
                    .filteredOn(letter -> ids.contains(letter.id()))
                    .extracting(LetterStatus::attempts)
                    .containsExactly(1, 1);
        }
        var restored = DeadLetters.builder().build();
        try (var processor = processor(keeping, restored, letterTopic).build()) {
            processor.start();
            Keeping.awaitStates(restored, "{OPEN=1, WAITING=1, PARKED=1}");
            passed(Duration.ofMinutes(47));
            assertThat(near(processor))
                    .as("it is known that they were written again")
                    .isZero();
            passed(Duration.ofMinutes(1));
            assertThat(near(processor)).isEqualTo(2);
            keeping.broken.clear();
            Keeping.redrive(restored, ids);
            assertThat(keeping.outputs(3, "a")).containsExactly("a:1", "a:2");
            Keeping.awaitStates(restored, "{}");
            assertThat(near(processor)).isZero();
        }
        List<ConsumerRecord<byte[], byte[]>> written = kafka.readCommitted(letterTopic, 4, Keeping.DEADLINE);
        assertThat(written).hasSize(4);
        for (int i = 0; i < 2; i++) {
            ConsumerRecord<byte[], byte[]> first = written.get(i);
            ConsumerRecord<byte[], byte[]> again = written.get(i + 2);
            assertThat(again.key()).isEqualTo(first.key());
            assertThat(again.value()).isEqualTo(first.value());
            assertThat(lasting(again)).containsExactlyInAnyOrderElementsOf(lasting(first));
            assertThat(DeadLetter.of(again).orElseThrow().attempt()).isEqualTo(2);
        }
        assertThat(written.get(2).headers().lastHeader("ce_type")).isNotNull();
    }

    /** Headers but for those that are not written again, or count on. */
    private static List<Header> lasting(ConsumerRecord<byte[], byte[]> letter) {
        return Arrays.stream(letter.headers().toArray())
                .filter(header -> !List.of(DeadLetter.ATTEMPT, DeadLetter.STACK_TRACE, DeadLetter.MESSAGE)
                        .contains(header.key()))
                .toList();
    }

    private EventProcessorBuilder<String, String> processor(Keeping keeping, DeadLetters letters, String letterTopic) {
        return keeping.processor(letters)
                .clock(now::get)
                .onFailure(RetryPolicy.never().thenDeadLetter(letterTopic));
    }

    private void passed(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private static double near(EventProcessor<?, ?> processor) {
        return value(processor, LetterMetric.LETTERS_NEAR_RETENTION);
    }

    private static double value(EventProcessor<?, ?> processor, LetterMetric metric) {
        return processor.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(LetterMetric.GROUP)
                        && entry.getKey().name().equals(metric.metricName()))
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue())
                .sum();
    }
}
