package dev.semel.idempotency.streams;

import static dev.semel.idempotency.streams.Payments.PARTITIONS;
import static dev.semel.idempotency.streams.Payments.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.idempotency.streams.DeduplicatingApp.CrashPoint;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whatever happens to the processes: each id passes once, and each of its copies is one duplicate, for who reads what is committed. */
@KafkaTest
class DeduplicateCrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    /** Begun again with its state, and then with another directory, in which it has to restore it. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NEVER")
    void killedAtAnyStepEachIdPassesOnce(CrashPoint point, TestKafka kafka) {
        var payments = new Payments(kafka);
        payments.send(1_000);
        for (int death = 0; death < 2; death++) {
            try (JavaProcess doomed = DeduplicatingApp.start(payments, directory.resolve("first"), point)) {
                assertThat(doomed.awaitExit(PATIENCE)).as(doomed.output()).isEqualTo(FaultInjection.HALTED);
            }
        }
        try (JavaProcess successor = DeduplicatingApp.start(payments, directory.resolve("second"), CrashPoint.NEVER)) {
            payments.awaitHandled(PATIENCE);
            assertThat(successor.isAlive()).as(successor.output()).isTrue();
        }
        assertEachIdPassedOnce(payments);
    }

    @Test
    void twoMembersThatAreKilledInTurnLoseAndRepeatNothing(TestKafka kafka) {
        var payments = new Payments(kafka);
        int interrupted = 0;
        JavaProcess one = DeduplicatingApp.start(payments, directory.resolve("one"), CrashPoint.NEVER);
        JavaProcess other = DeduplicatingApp.start(payments, directory.resolve("other"), CrashPoint.NEVER);
        try {
            for (int kill = 0; kill < 3; kill++) {
                int before = payments.distinctIds();
                payments.send(1_500);
                int left = payments.distinctIds() - payments.passed(before + 1).size();
                one.kill();
                interrupted += left > 200 ? 1 : 0; // each takes a millisecond
                one = other;
                other = DeduplicatingApp.start(payments, directory.resolve("after " + kill), CrashPoint.NEVER);
            }
            payments.awaitHandled(PATIENCE);
        } finally {
            one.close();
            other.close();
        }
        assertThat(interrupted).as("kills in the middle of the work").isPositive();
        assertEachIdPassedOnce(payments);
    }

    private static void assertEachIdPassedOnce(Payments payments) {
        List<String> passed = payments.passed(payments.distinctIds());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int here = partition;
            assertThat(passed.stream().filter(id -> partition(id) == here).toList())
                    .as("partition %s", partition)
                    .isEqualTo(payments.distinct(partition));
        }
        int copies =
                payments.copies().values().stream().mapToInt(Long::intValue).sum();
        assertThat(copies).as("copies that were sent").isPositive();
        assertThat(Payments.count(payments.duplicates(copies))).isEqualTo(payments.copies());
    }
}
