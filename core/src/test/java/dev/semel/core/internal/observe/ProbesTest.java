package dev.semel.core.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.health.ProcessorState;
import dev.semel.core.internal.poll.PartitionView;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbesTest {

    private static final long NOW = -17_000;
    private static final Duration STALLED = Duration.ofSeconds(30);

    private final Fake view = new Fake();
    private final Probes probes = new Probes(view, STALLED);

    @Test
    void aRunningMemberIsWellEvenWithNothingAssigned() {
        assertThat(probes.startup().ok()).isTrue();
        assertThat(probes.liveness(NOW).ok()).isTrue();
        assertThat(probes.readiness(NOW, Optional.empty()).ok()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATED", "STARTING"})
    void beforeTheStartOnlyLivenessIsOk(ProcessorState state) {
        view.started = false;
        view.state = state;
        assertThat(probes.startup().ok()).isFalse();
        assertThat(probes.startup().reason()).contains(state.toString());
        assertThat(probes.liveness(NOW).ok()).isTrue();
        assertThat(probes.readiness(NOW, Optional.empty()).ok()).isFalse();
    }

    @Test
    void aStartThatHasFailedIsTheStartupProbesToTell() {
        view.started = false;
        view.fails("no permission");
        assertThat(probes.startup().ok()).isFalse();
        assertThat(probes.startup().reason()).contains("no permission");
        assertThat(probes.liveness(NOW).ok()).isTrue();
        assertThat(probes.readiness(NOW, Optional.empty()).reason()).doesNotContain("no permission");
    }

    @Test
    void aProcessorThatHasFailedAfterItsStartIsDead() {
        view.fails("boom");
        assertThat(probes.startup().ok()).isTrue();
        assertThat(probes.liveness(NOW).ok()).isFalse();
        assertThat(probes.liveness(NOW).reason()).contains("boom");
        assertThat(probes.readiness(NOW, Optional.empty()).ok()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"STOPPING", "STOPPED"})
    void aProcessorThatIsClosedIsAliveAndNotReady(ProcessorState state) {
        view.state = state;
        view.movedNanos = NOW - 2 * STALLED.toNanos();
        assertThat(probes.liveness(NOW).ok()).isTrue();
        assertThat(probes.readiness(NOW, Optional.empty()).ok()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"REBALANCING", "RUNNING", "RECOVERING"})
    void aPollLoopThatStandsStillIsDeadAfterTheStallTimeAndNoSooner(ProcessorState state) {
        view.state = state;
        view.movedNanos = NOW - STALLED.toNanos();
        assertThat(probes.liveness(NOW).ok()).isTrue();
        assertThat(probes.liveness(NOW + 1).ok()).isFalse();
        assertThat(probes.readiness(NOW + 1, Optional.empty()).ok()).isTrue();
    }

    @Test
    void whoIsNoMemberIsNotReady() {
        view.state = ProcessorState.REBALANCING;
        view.joined = false;
        assertThat(probes.liveness(NOW).ok()).isTrue();
        assertThat(probes.readiness(NOW, Optional.empty()).ok()).isFalse();
    }

    @Test
    void whoIsPausedIsNotReadyAndSaysWhy() {
        view.paused = Optional.of("12 dead letters in 60 s");
        assertThat(probes.liveness(NOW).ok()).isTrue();
        assertThat(probes.readiness(NOW, Optional.empty()).ok()).isFalse();
        assertThat(probes.readiness(NOW, Optional.empty()).reason()).isEqualTo("paused: 12 dead letters in 60 s");
    }

    @Test
    void aClusterThatDoesNotAnswerFailsReadinessOnly() {
        var silence = Optional.of(new Silence(NOW - Duration.ofSeconds(16).toNanos(), "timed out"));
        assertThat(probes.liveness(NOW).ok()).isTrue();
        assertThat(probes.readiness(NOW, silence).ok()).isFalse();
        assertThat(probes.readiness(NOW, silence).reason())
                .isEqualTo("the cluster has not answered for 16 s: timed out");
    }

    @Test
    void whoRecoversIsReadyForHalfAMinuteAndThenNotAnyMore() {
        view.state = ProcessorState.RECOVERING;
        view.sinceNanos = NOW - Probes.RECOVERY.toNanos();
        assertThat(probes.readiness(NOW, Optional.empty()).ok()).isTrue();
        assertThat(probes.readiness(NOW + 1, Optional.empty()).ok()).isFalse();
        view.state = ProcessorState.RUNNING;
        assertThat(probes.readiness(NOW + 1, Optional.empty()).ok()).isTrue();
    }

    private static final class Fake implements ProcessorView {

        private ProcessorState state = ProcessorState.RUNNING;
        private long sinceNanos = NOW;
        private Optional<Throwable> failure = Optional.empty();
        private boolean started = true;
        private long movedNanos = NOW;
        private boolean joined = true;
        private Optional<String> paused = Optional.empty();

        void fails(String message) {
            state = ProcessorState.FAILED;
            failure = Optional.of(new IllegalStateException(message));
            joined = false;
        }

        @Override
        public ProcessorState state() {
            return state;
        }

        @Override
        public long stateSinceNanos() {
            return sinceNanos;
        }

        @Override
        public Optional<Throwable> failure() {
            return failure;
        }

        @Override
        public boolean started() {
            return started;
        }

        @Override
        public long movedNanos() {
            return movedNanos;
        }

        @Override
        public boolean joined() {
            return joined;
        }

        @Override
        public boolean paused() {
            return paused.isPresent();
        }

        @Override
        public Optional<String> pausedReason() {
            return paused;
        }

        @Override
        public Collection<PartitionView> partitions() {
            return List.of();
        }
    }
}
