package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.WindowingApp.CrashPoint;
import dev.semel.windowing.internal.streams.StateWriting;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens to the processes: each window has one final, with all that belongs to it, for who reads what is committed. */
@KafkaTest
class WindowsCrashIT {

    @TempDir
    private Path directory;

    static Stream<Arguments> crashes() {
        return Arrays.stream(StateWriting.values())
                .flatMap(writing -> Arrays.stream(CrashPoint.values())
                        .filter(point -> point != CrashPoint.NEVER)
                        .map(point -> Arguments.of(writing, point)));
    }

    /** Begun again with its state, and then with another directory, in which it has to restore it, in the middle of windows. */
    @ParameterizedTest
    @MethodSource("crashes")
    @DisplayName("cases 39, 41 and 42: killed at any step")
    void killedAtAnyStepEachWindowHasOneFinal(StateWriting writing, CrashPoint point, TestKafka kafka) {
        var readings = new Readings(kafka, 41);
        readings.send(1_500);
        for (int death = 0; death < 2; death++) {
            try (JavaProcess doomed = WindowingApp.start(readings, writing, directory.resolve("first"), point)) {
                assertThat(doomed.awaitExit(Readings.PATIENCE))
                        .as(doomed.output())
                        .isEqualTo(FaultInjection.HALTED);
            }
        }
        try (JavaProcess successor =
                WindowingApp.start(readings, writing, directory.resolve("second"), CrashPoint.NEVER)) {
            readings.awaitHandled();
            assertThat(successor.isAlive()).as(successor.output()).isTrue();
            assertFinals(readings);
        }
    }

    @ParameterizedTest
    @EnumSource(StateWriting.class)
    @DisplayName("two instances, killed in turn")
    void twoInstancesThatAreKilledInTurn(StateWriting writing, TestKafka kafka) {
        var readings = new Readings(kafka, 42);
        JavaProcess one = WindowingApp.start(readings, writing, directory.resolve("one"), CrashPoint.NEVER);
        JavaProcess other = WindowingApp.start(readings, writing, directory.resolve("other"), CrashPoint.NEVER);
        try {
            for (int kill = 0; kill < 3; kill++) {
                readings.send(1_500);
                readings.awaitCommitted(readings.sent() - 1_000L);
                one.kill();
                one = other;
                other = WindowingApp.start(readings, writing, directory.resolve("after " + kill), CrashPoint.NEVER);
            }
            readings.awaitHandled();
            assertFinals(readings);
        } finally {
            one.close();
            other.close();
        }
    }

    static void assertFinals(Readings readings) {
        assertThat(readings.expectedResults()).as("finals to be expected").hasSizeGreaterThan(50);
        assertThat(readings.expectedLate()).as("late records to be expected").isNotEmpty();
        assertThat(readings.results()).isEqualTo(readings.expectedResults());
        assertThat(readings.late()).containsExactlyInAnyOrderElementsOf(readings.expectedLate());
    }
}
