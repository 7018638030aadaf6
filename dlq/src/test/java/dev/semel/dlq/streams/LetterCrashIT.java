package dev.semel.dlq.streams;

import static dev.semel.dlq.streams.FussySerde.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.failure.DeadLetter;
import dev.semel.dlq.streams.LetteringApp.CrashPoint;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whatever happens to the process: each bad record is one letter and each good one an output, for who reads what is committed. */
@KafkaTest
class LetterCrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 600;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"NEVER", "AFTER_FIRST_COMMIT"})
    void killedAtAnyStepEachRecordIsOneLetterOrOneOutput(CrashPoint point, TestKafka kafka) {
        String application = kafka.group("lettering");
        String in = kafka.topic("in", PARTITIONS);
        String out = kafka.topic("out");
        String letters = kafka.topic("letters", PARTITIONS);
        List<String> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        kafka.send(IntStream.range(0, RECORDS)
                .mapToObj(i -> {
                    String value = value(i);
                    (value.startsWith("good") ? good : bad).add(value);
                    return new ProducerRecord<>(in, i % PARTITIONS, bytes("k" + i), bytes(value));
                })
                .toList());

        for (int death = 0; death < 2; death++) {
            try (JavaProcess doomed = start(kafka, application, in, out, letters, point)) {
                assertThat(doomed.awaitExit(PATIENCE)).as(doomed.output()).isEqualTo(FaultInjection.HALTED);
            }
        }
        try (JavaProcess successor = start(kafka, application, in, out, letters, CrashPoint.NEVER)) {
            awaitHandled(kafka, application, in, RECORDS);
            assertThat(successor.isAlive()).as(successor.output()).isTrue();
        }

        assertThat(values(kafka.readCommitted(out, good.size(), PATIENCE))).containsExactlyInAnyOrderElementsOf(good);
        List<ConsumerRecord<byte[], byte[]>> written = kafka.readCommitted(letters, bad.size(), PATIENCE);
        assertThat(values(written)).containsExactlyInAnyOrderElementsOf(bad);
        assertThat(written)
                .allSatisfy(letter -> assertThat(DeadLetter.of(letter).orElseThrow())
                        .satisfies(read -> assertThat(read.origin().partition()).isEqualTo(letter.partition()))
                        .returns(false, DeadLetter::bytesOmitted));
    }

    /**
     * The limit of Streams that the handler's documentation states: it reads a record ahead, so a transaction can commit the letter of
     * what cannot be read without its offset. What cannot be handled has no such gap.
     */
    @ParameterizedTest
    @CsvSource({FussySerde.UNREADABLE + ", 2", FussySerde.UNHANDLED + ", 1"})
    void onlyWhatCannotBeReadCanHaveASecondLetterAndThatHasTheSameId(String bad, int written, TestKafka kafka) {
        String application = kafka.group("lettering");
        String in = kafka.topic("in");
        String out = kafka.topic("out");
        String letters = kafka.topic("letters");
        kafka.send(List.of(
                new ProducerRecord<>(in, bytes("k"), bytes(FussySerde.SLOW)),
                new ProducerRecord<>(in, bytes("k"), bytes(bad))));

        try (JavaProcess doomed = start(kafka, application, in, out, letters, CrashPoint.AFTER_FIRST_COMMIT)) {
            assertThat(doomed.awaitExit(PATIENCE)).as(doomed.output()).isEqualTo(FaultInjection.HALTED);
        }
        try (JavaProcess successor = start(kafka, application, in, out, letters, CrashPoint.NEVER)) {
            awaitHandled(kafka, application, in, 2);
            assertThat(successor.isAlive()).as(successor.output()).isTrue();
        }

        assertThat(values(kafka.readCommitted(out, 1, PATIENCE))).containsExactly(FussySerde.SLOW);
        assertThat(kafka.readCommitted(letters, written, PATIENCE))
                .hasSize(written)
                .extracting(letter -> DeadLetter.of(letter).orElseThrow().id())
                .containsOnly(application + "/" + in + "/0/1");
    }

    private static void awaitHandled(TestKafka kafka, String application, String in, int records) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> kafka.committedOffsets(application, in).values().stream()
                                .mapToLong(OffsetAndMetadata::offset)
                                .sum()
                        == records);
    }

    private JavaProcess start(
            TestKafka kafka, String application, String in, String out, String letters, CrashPoint point) {
        return LetteringApp.start(kafka.bootstrapServers(), application, in, out, letters, directory, point);
    }

    /** One of five is bad, each in its way. */
    private static String value(int i) {
        return switch (i % 15) {
            case 4 -> FussySerde.UNREADABLE + " " + i;
            case 9 -> FussySerde.UNHANDLED + " " + i;
            case 14 -> FussySerde.UNWRITABLE + " " + i;
            default -> "good " + i;
        };
    }

    private static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
    }
}
