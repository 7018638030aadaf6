package dev.semel.core.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.health.ProcessorState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifecycleTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** The diagram of {@link ProcessorState}, arrow by arrow. */
    private static final Map<ProcessorState, Set<ProcessorState>> ARROWS = Map.of(
            ProcessorState.CREATED, EnumSet.of(ProcessorState.STARTING, ProcessorState.STOPPING),
            ProcessorState.STARTING,
                    EnumSet.of(ProcessorState.REBALANCING, ProcessorState.STOPPING, ProcessorState.FAILED),
            ProcessorState.REBALANCING,
                    EnumSet.of(
                            ProcessorState.RUNNING,
                            ProcessorState.RECOVERING,
                            ProcessorState.PAUSED,
                            ProcessorState.STOPPING,
                            ProcessorState.FAILED),
            ProcessorState.RUNNING,
                    EnumSet.of(
                            ProcessorState.REBALANCING,
                            ProcessorState.RECOVERING,
                            ProcessorState.PAUSED,
                            ProcessorState.STOPPING,
                            ProcessorState.FAILED),
            ProcessorState.RECOVERING,
                    EnumSet.of(
                            ProcessorState.REBALANCING,
                            ProcessorState.RUNNING,
                            ProcessorState.PAUSED,
                            ProcessorState.STOPPING,
                            ProcessorState.FAILED),
            ProcessorState.PAUSED,
                    EnumSet.of(
                            ProcessorState.REBALANCING,
                            ProcessorState.RUNNING,
                            ProcessorState.RECOVERING,
                            ProcessorState.STOPPING,
                            ProcessorState.FAILED),
            ProcessorState.STOPPING, EnumSet.of(ProcessorState.STOPPED, ProcessorState.FAILED),
            ProcessorState.STOPPED, EnumSet.noneOf(ProcessorState.class),
            ProcessorState.FAILED, EnumSet.noneOf(ProcessorState.class));

    private static final Map<ProcessorState, List<ProcessorState>> WAYS = Map.of(
            ProcessorState.CREATED, List.of(),
            ProcessorState.STARTING, List.of(ProcessorState.STARTING),
            ProcessorState.REBALANCING, List.of(ProcessorState.STARTING, ProcessorState.REBALANCING),
            ProcessorState.RUNNING,
                    List.of(ProcessorState.STARTING, ProcessorState.REBALANCING, ProcessorState.RUNNING),
            ProcessorState.RECOVERING,
                    List.of(ProcessorState.STARTING, ProcessorState.REBALANCING, ProcessorState.RECOVERING),
            ProcessorState.PAUSED, List.of(ProcessorState.STARTING, ProcessorState.REBALANCING, ProcessorState.PAUSED),
            ProcessorState.STOPPING, List.of(ProcessorState.STOPPING),
            ProcessorState.STOPPED, List.of(ProcessorState.STOPPING, ProcessorState.STOPPED),
            ProcessorState.FAILED, List.of(ProcessorState.STARTING, ProcessorState.FAILED));

    private final Lifecycle lifecycle = new Lifecycle("inventory");

    @ParameterizedTest
    @EnumSource
    void onlyTheArrowsOfTheDiagramCanBeGone(ProcessorState from) {
        for (ProcessorState to : ProcessorState.values()) {
            var fresh = in(from);
            if (to == from || ARROWS.get(from).contains(to)) {
                fresh.become(to);
                assertThat(fresh.state()).isEqualTo(to);
            } else {
                assertThatThrownBy(() -> fresh.become(to))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContainingAll("inventory", from.name(), to.name());
                assertThat(fresh.state()).isEqualTo(from);
            }
        }
    }

    @Test
    void onlyStoppedAndFailedAreTheEnd() {
        assertThat(EnumSet.allOf(ProcessorState.class).stream().filter(ProcessorState::isTerminal))
                .containsExactly(ProcessorState.STOPPED, ProcessorState.FAILED);
    }

    @Test
    void theFirstCauseCounts() {
        lifecycle.become(ProcessorState.STARTING);
        var first = new IllegalStateException("first");
        lifecycle.because(first);
        lifecycle.because(new IllegalStateException("second"));
        lifecycle.failed(new IllegalStateException("third"));
        assertThat(lifecycle.state()).isEqualTo(ProcessorState.FAILED);
        assertThat(lifecycle.stopCause()).isSameAs(first);
    }

    @Test
    void reasonsForAPauseJoinEachOther() {
        lifecycle.pause("by hand");
        lifecycle.pause("the budget is used up");
        lifecycle.pause("by hand");
        assertThat(lifecycle.pauseReason()).isEqualTo("by hand; and the budget is used up");
        assertThat(lifecycle.resume()).isTrue();
        assertThat(lifecycle.pauseReason()).isNull();
        assertThat(lifecycle.resume()).isFalse();
    }

    @Test
    void aCauseAloneDoesNotChangeTheState() {
        lifecycle.become(ProcessorState.STARTING);
        lifecycle.because(new IllegalStateException("on a lane"));
        assertThat(lifecycle.state()).as("the poll thread moves it on").isEqualTo(ProcessorState.STARTING);
        assertThat(lifecycle.isEnding()).isTrue();
    }

    @Test
    void aFailureAfterTheEndChangesNothing() {
        var stopped = in(ProcessorState.STOPPED);
        stopped.because(new IllegalStateException("late"));
        stopped.failed(new IllegalStateException("late"));
        assertThat(stopped.state()).isEqualTo(ProcessorState.STOPPED);
        assertThat(stopped.stopCause()).isNull();
    }

    @Test
    void toldToCloseItIsEndingWithoutACause() {
        assertThat(lifecycle.isEnding()).isFalse();
        lifecycle.close();
        assertThat(lifecycle.isEnding()).isTrue();
        assertThat(lifecycle.stopCause()).isNull();
    }

    @Test
    void closeAndStopBothWakeThePollThread() {
        var woken = new AtomicInteger();
        lifecycle.wakeWith(woken::incrementAndGet);
        lifecycle.close();
        assertThat(woken).hasValue(1);
        lifecycle.because(new IllegalStateException("on a lane"));
        assertThat(woken).hasValue(2);
        lifecycle.because(new IllegalStateException("another"));
        assertThat(woken).as("whoever tells, the poll thread looks").hasValue(3);
    }

    @Test
    void theEndIsWaitedForUntilItComes() throws Exception {
        assertThat(lifecycle.awaitEnd(Duration.ZERO)).isFalse();
        var waiting = new FutureTask<>(() -> lifecycle.awaitEnd(DEADLINE));
        new Thread(waiting).start();
        lifecycle.become(ProcessorState.STOPPING);
        assertThat(waiting.isDone()).isFalse();
        lifecycle.become(ProcessorState.STOPPED);
        assertThat(waiting.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(lifecycle.awaitEnd(Duration.ZERO)).isTrue();
    }

    @Test
    void whoWaitsForTheEndingIsWokenByClose() throws Exception {
        assertWoken(lifecycle::close);
    }

    @Test
    void whoWaitsForTheEndingIsWokenByACause() throws Exception {
        assertWoken(() -> lifecycle.because(new IllegalStateException("on a lane")));
    }

    private void assertWoken(Runnable ending) throws Exception {
        var waiting = new FutureTask<>(() -> lifecycle.awaitEnding(DEADLINE));
        var thread = new Thread(waiting);
        thread.start();
        Awaitility.await().atMost(DEADLINE).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        ending.run();
        assertThat(waiting.get(DEADLINE.toSeconds() / 3, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whereNothingEndsTheWaitingHasAnEnd() throws Exception {
        long begun = System.nanoTime();
        assertThat(lifecycle.awaitEnding(Duration.ofMillis(30))).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
        assertThat(lifecycle.awaitEnding(Duration.ZERO)).isFalse();
        lifecycle.close();
        assertThat(lifecycle.awaitEnding(Duration.ZERO)).isTrue();
    }

    private static Lifecycle in(ProcessorState state) {
        var lifecycle = new Lifecycle("inventory");
        WAYS.get(state).forEach(lifecycle::become);
        return lifecycle;
    }
}
