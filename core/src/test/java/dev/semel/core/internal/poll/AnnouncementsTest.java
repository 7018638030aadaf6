package dev.semel.core.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.semel.core.health.ProcessorListener;
import dev.semel.core.health.ProcessorState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final List<String> told = new CopyOnWriteArrayList<>();

    @Test
    void changesAreToldInTheirOrderWithTheirReasons() {
        var lifecycle = lifecycle((from, to, reason) -> told.add(from + " " + to + " " + reason));
        lifecycle.become(ProcessorState.STARTING);
        lifecycle.become(ProcessorState.STARTING);
        lifecycle.become(ProcessorState.REBALANCING);
        lifecycle.pause("the stock is counted");
        lifecycle.become(ProcessorState.PAUSED);
        lifecycle.failed(new IllegalStateException("boom"));
        awaitTold(4);
        assertThat(told)
                .containsExactly(
                        "CREATED STARTING it was told to start",
                        "STARTING REBALANCING it joins its group, or is between two assignments",
                        "REBALANCING PAUSED the stock is counted",
                        "PAUSED FAILED java.lang.IllegalStateException: boom");
    }

    @Test
    void aListenerThatFailsKeepsNobodyFromBeingTold() {
        var lifecycle = lifecycle(
                (from, to, reason) -> {
                    throw new AssertionError("a listener's own");
                },
                (from, to, reason) -> told.add(to.toString()));
        lifecycle.become(ProcessorState.STARTING);
        lifecycle.become(ProcessorState.STOPPING);
        awaitTold(2);
        assertThat(told).containsExactly("STARTING", "STOPPING");
    }

    @Test
    void aListenerThatTakesItsTimeHoldsUpNoChange() throws InterruptedException {
        var goOn = new CountDownLatch(1);
        var lifecycle = lifecycle((from, to, reason) -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts a listener", e);
            }
            told.add(to.toString());
        });
        lifecycle.become(ProcessorState.STARTING);
        lifecycle.become(ProcessorState.STOPPING);
        lifecycle.become(ProcessorState.STOPPED);
        assertThat(lifecycle.awaitEnd(Duration.ZERO)).isTrue();
        assertThat(told).isEmpty();
        goOn.countDown();
        awaitTold(3);
        assertThat(told).containsExactly("STARTING", "STOPPING", "STOPPED");
    }

    /** The thread that changes the state may hold locks; a listener may call what takes them. */
    @Test
    void aListenerMayCallBackFromItsOwnThread() throws InterruptedException {
        var called = new CountDownLatch(1);
        var box = new Lifecycle[1];
        box[0] = lifecycle((from, to, reason) -> {
            told.add(Thread.currentThread().getName() + " "
                    + Thread.currentThread().isDaemon());
            box[0].pause("by a listener");
            called.countDown();
        });
        var daemon = new Thread(() -> {
            synchronized (box[0]) {
                box[0].become(ProcessorState.STARTING);
            }
        });
        daemon.setDaemon(true);
        daemon.start();
        daemon.join();
        assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(told).containsExactly("semel-inventory-listener false");
        assertThat(box[0].pauseReason()).isEqualTo("by a listener");
    }

    @Test
    void theThreadEndsWhereThereIsNothingToTell() {
        var lifecycle = lifecycle((from, to, reason) -> told.add(to.toString()));
        lifecycle.become(ProcessorState.STARTING);
        awaitTold(1);
        await().atMost(DEADLINE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("semel-inventory-listener")));
        lifecycle.become(ProcessorState.STOPPING);
        awaitTold(2);
    }

    private static Lifecycle lifecycle(ProcessorListener... listeners) {
        return new Lifecycle("inventory", List.of(listeners));
    }

    private void awaitTold(int changes) {
        await().atMost(DEADLINE).until(() -> told.size() == changes);
    }
}
