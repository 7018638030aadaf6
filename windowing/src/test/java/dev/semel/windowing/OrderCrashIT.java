package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.OrderApp.Kind;
import dev.semel.windowing.OrderApp.Topics;
import dev.semel.windowing.WindowingApp.CrashPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whatever happens to the processes: each record goes out once, and in its place, for who reads what is committed. */
@KafkaTest
class OrderCrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HEAP = "-Xmx128m";
    private static final int RECORDS = 1_200;

    @TempDir
    private Path directory;

    private static void awaitHandled(Topics topics, long records) {
        Awaitility.await()
                .dontCatchUncaughtExceptions()
                .atMost(PATIENCE)
                .until(() -> topics.kafka().committedOffsets(topics.application(), topics.in()).values().stream()
                                .mapToLong(OffsetAndMetadata::offset)
                                .sum()
                        >= records);
    }

    /** Begun again with its state, and then with another directory, in which it has to restore it. */
    private void surviving(Topics topics, Kind kind, CrashPoint point, Runnable check) {
        for (int death = 0; death < 2; death++) {
            try (JavaProcess doomed = OrderApp.start(topics, kind, directory.resolve("first"), point, HEAP)) {
                assertThat(doomed.awaitExit(PATIENCE)).as(doomed.output()).isEqualTo(FaultInjection.HALTED);
            }
        }
        try (JavaProcess successor =
                OrderApp.start(topics, kind, directory.resolve("second"), CrashPoint.NEVER, HEAP)) {
            awaitHandled(topics, RECORDS);
            assertThat(successor.isAlive()).as(successor.output()).isTrue();
            check.run();
        }
    }

    private void check(Topics topics, OrderedInput input) {
        assertThat(keysAndValues(topics, topics.ordered(), input.ordered().size()))
                .isEqualTo(input.ordered());
        assertThat(keysAndValues(topics, topics.other(), input.other().size())).isEqualTo(input.other());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NEVER")
    @DisplayName(
            "sorter 27: killed at any step, each record goes out once, in the stable order of event times, and late ones stay late")
    void theSorter(CrashPoint point, TestKafka kafka) {
        Topics topics = Topics.of(kafka);
        OrderedInput input = OrderedInput.toSort(topics, 27, RECORDS);
        kafka.send(input.records());
        surviving(topics, Kind.SORT, point, () -> check(topics, input));
    }

    @ParameterizedTest
    @EnumSource(names = {"BETWEEN_SEND_AND_OFFSETS", "AFTER_COMMIT"})
    @DisplayName("resequencer 32: killed, each record goes out once, by key in the order of the numbers")
    void theResequencer(CrashPoint point, TestKafka kafka) {
        Topics topics = Topics.of(kafka);
        OrderedInput input = OrderedInput.toSequence(topics, 32, RECORDS);
        kafka.send(input.records());
        surviving(topics, Kind.SEQUENCE, point, () -> check(topics, input));
    }

    /** One of the two has the task and the other its standby, which goes on in its place. */
    @ParameterizedTest
    @EnumSource(names = {"SORT", "SEQUENCE"})
    @DisplayName("sorter 33, resequencer 38: two instances, killed in turn; a standby goes on with what waits")
    void twoInstancesThatAreKilledInTurn(Kind kind, TestKafka kafka) {
        Topics topics = Topics.of(kafka);
        OrderedInput input = kind == Kind.SORT
                ? OrderedInput.toSort(topics, 43, 3 * RECORDS)
                : OrderedInput.toSequence(topics, 43, 3 * RECORDS);
        JavaProcess one = OrderApp.start(topics, kind, directory.resolve("one"), CrashPoint.NEVER, HEAP);
        JavaProcess other = OrderApp.start(topics, kind, directory.resolve("other"), CrashPoint.NEVER, HEAP);
        try {
            for (int kill = 0; kill < 3; kill++) {
                kafka.send(input.records().subList(kill * RECORDS, (kill + 1) * RECORDS));
                awaitHandled(topics, kill * RECORDS + RECORDS / 3);
                one.kill();
                one = other;
                other = OrderApp.start(topics, kind, directory.resolve("after " + kill), CrashPoint.NEVER, HEAP);
            }
            awaitHandled(topics, 3 * RECORDS);
            check(topics, input);
        } finally {
            one.close();
            other.close();
        }
    }

    private static List<String> keysAndValues(Topics topics, String topic, int atLeast) {
        return topics.kafka().readCommitted(topic, atLeast, PATIENCE).stream()
                .map(record -> new String(record.key(), UTF_8) + " " + new String(record.value(), UTF_8))
                .toList();
    }

    @Test
    @DisplayName(
            "resequencer 33: a gap that was open when the process was killed ends by time in the next, from the changelog alone")
    void aGapEndsAfterAKill(TestKafka kafka) {
        Topics topics = Topics.of(kafka);
        kafka.send(List.of(OrderedInput.record(topics, "a", "k", System.currentTimeMillis(), "1")));
        try (JavaProcess first =
                OrderApp.start(topics, Kind.SEQUENCE_BY_TIME, directory.resolve("first"), CrashPoint.NEVER, HEAP)) {
            awaitHandled(topics, 1);
            first.kill();
        }
        try (JavaProcess second =
                OrderApp.start(topics, Kind.SEQUENCE_BY_TIME, directory.resolve("second"), CrashPoint.NEVER, HEAP)) {
            assertThat(keysAndValues(topics, topics.ordered(), 1))
                    .as(second.output())
                    .containsExactly("k 1");
        }
    }
}
