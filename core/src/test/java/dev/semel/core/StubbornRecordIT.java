package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.ProcessDiedException;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A record that ends each process that handles it. */
@KafkaTest
class StubbornRecordIT {

    private static final int BEFORE = 30;
    private static final int AFTER = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void itBecomesALetterAfterItsAttemptsAndItsNeighboursDoNot(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        int number = 0;
        for (int i = 0; i < BEFORE + AFTER; i++) {
            if (i == BEFORE) {
                records.add(record(processing, i, CrashingProcessor.DEADLY));
            }
            while (CrashingProcessor.isPoison("" + number)) {
                number++;
            }
            records.add(record(processing, i, "" + number++));
        }
        kafka.send(records);

        var deaths = new TreeMap<Long, Integer>();
        boolean handled = false;
        while (!handled) {
            long from = processing.committed();
            try (JavaProcess process = CrashingProcessor.start(processing, "one")) {
                while (!handled && process.isAlive()) {
                    handled = processing.committed() == records.size();
                }
                if (handled) {
                    process.stop(PATIENCE);
                } else {
                    assertThat(process.awaitExit(PATIENCE)).as(process.output()).isEqualTo(CrashingProcessor.KILLED);
                    deaths.merge(from, 1, Integer::sum);
                }
            }
            // A start that moves the offset before it dies begins the count anew, from there on.
            assertThat(deaths)
                    .as("from each offset two that show that something is wrong, and its attempts one by one")
                    .allSatisfy(
                            (offset, times) -> assertThat(times).isLessThanOrEqualTo(2 + CrashingProcessor.ATTEMPTS));
        }

        assertThat(deaths.values().stream().mapToInt(Integer::intValue).sum())
                .as("deaths by the offset that they began from: %s", deaths)
                .isGreaterThanOrEqualTo(2 + CrashingProcessor.ATTEMPTS);
        assertThat(processing.letters(1)).singleElement().satisfies(letter -> {
            assertThat(letter.offset()).isEqualTo(BEFORE);
            assertThat(letter.failureClass()).isEqualTo(FailureClass.PROCESS_DIED);
            assertThat(letter.exception()).isEqualTo(ProcessDiedException.class.getName());
            assertThat(letter.attempt()).isEqualTo(CrashingProcessor.ATTEMPTS);
        });
        List<String> others = new ArrayList<>(records.stream()
                .map(record -> new String(record.value()))
                .filter(value -> !value.equals(CrashingProcessor.DEADLY))
                .toList());
        assertThat(processing.outputValues(others.size())).containsExactlyElementsOf(others);
        assertThat(kafka.committedOffsets(processing.group)
                        .get(processing.inputPartition())
                        .metadata())
                .as("nothing is left to suspect")
                .isEmpty();
    }

    private static ProducerRecord<byte[], byte[]> record(Processing processing, int key, String value) {
        return new ProducerRecord<>(processing.input, 0, Processing.bytes("key-" + key % 7), Processing.bytes(value));
    }
}
