package dev.semel.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.failure.DeadLetter;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed at each step of a transaction, and another goes on. What a read_committed reader sees is what the input
 * says, before and after.
 */
@KafkaTest
class CrashIT {

    private static final int RECORDS = 2_000;
    private static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource(CrashPoint.class)
    void killedAtAnyStepTheOutputIsWhatTheInputSays(CrashPoint point, TestKafka kafka) {
        var processing = Processing.on(kafka, PARTITIONS);
        processing.send(RECORDS);
        try (var doomed = CrashingProcessor.start(processing, point)) {
            assertThat(doomed.awaitExit(PATIENCE)).as(doomed.output()).isEqualTo(CrashingProcessor.KILLED);
        }
        try (var successor = CrashingProcessor.start(processing, "one")) {
            processing.awaitCommitted(RECORDS);
            assertThat(successor.isAlive()).as(successor.output()).isTrue();
            successor.stop(PATIENCE);
        }
        assertOutputsFollowFromInput(processing);
    }

    /** Each output in the order of its input, each letter once, and nothing else, partition by partition. */
    private static void assertOutputsFollowFromInput(Processing processing) {
        List<ConsumerRecord<byte[], byte[]>> outputs = processing.outputs(0);
        List<DeadLetter> letters = processing.letters(0);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int here = partition;
            List<String> expectedOutputs = inputs(here)
                    .filter(value -> !CrashingProcessor.isPoison(value))
                    .toList();
            assertThat(outputs.stream()
                            .filter(output -> new String(output.key(), UTF_8).equals(Integer.toString(here)))
                            .map(Processing::value))
                    .containsExactlyElementsOf(expectedOutputs);
            List<Long> expectedLetters = new ArrayList<>();
            List<String> values = inputs(here).toList();
            for (int offset = 0; offset < values.size(); offset++) {
                if (CrashingProcessor.isPoison(values.get(offset))) {
                    expectedLetters.add((long) offset);
                }
            }
            assertThat(letters.stream()
                            .filter(letter -> letter.origin().equals(new TopicPartition(processing.input, here)))
                            .map(DeadLetter::offset))
                    .containsExactlyElementsOf(expectedLetters);
        }
        assertThat(processing.kafka.committedOffsets(processing.group).values())
                .extracting(offset -> offset.offset())
                .containsOnly((long) RECORDS / PARTITIONS);
    }

    private static Stream<String> inputs(int partition) {
        return IntStream.range(0, RECORDS)
                .filter(i -> i % PARTITIONS == partition)
                .mapToObj(Integer::toString);
    }
}
