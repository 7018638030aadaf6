package dev.semel.core.internal.observe;

import dev.semel.core.health.Probe;
import dev.semel.core.health.ProcessorState;
import java.time.Duration;
import java.util.Optional;

/** Answers the three probes from what is seen of a processor. Stateless. */
final class Probes {

    /** How long the cluster may be silent before a processor that needs it is not ready. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    /** How long a processor may recover before it is not ready. */
    static final Duration RECOVERY = Duration.ofSeconds(30);

    private final ProcessorView view;
    private final long stalledNanos;

    Probes(ProcessorView view, Duration stalledAfter) {
        this.view = view;
        this.stalledNanos = stalledAfter.toNanos();
    }

    Probe startup() {
        if (view.started()) {
            return Probe.ok("the start checks have passed");
        }
        return Probe.failing(
                view.state() == ProcessorState.FAILED
                        ? "the start has failed" + cause()
                        : "the start checks have not passed: " + view.state());
    }

    Probe liveness(long nowNanos) {
        if (!view.started()) {
            return Probe.ok("not judged before the start checks have passed");
        }
        ProcessorState state = view.state();
        if (state == ProcessorState.FAILED) {
            return Probe.failing("FAILED" + cause());
        }
        if (state == ProcessorState.STOPPING || state == ProcessorState.STOPPED) {
            return Probe.ok(state + ", as it was told to");
        }
        long standing = nowNanos - view.movedNanos();
        return standing > stalledNanos
                ? Probe.failing("the poll loop has not moved for " + seconds(standing))
                : Probe.ok("the poll loop moves");
    }

    /** @param silence of the cluster, where it does not answer */
    Probe readiness(long nowNanos, Optional<Silence> silence) {
        ProcessorState state = view.state();
        if (!view.started()) {
            return Probe.failing("not started: " + state);
        }
        if (state == ProcessorState.FAILED || state == ProcessorState.STOPPING || state == ProcessorState.STOPPED) {
            return Probe.failing(state.toString());
        }
        Optional<String> paused = view.pausedReason();
        if (paused.isPresent()) {
            return Probe.failing("paused: " + paused.get());
        }
        if (silence.isPresent()) {
            return Probe.failing("the cluster has not answered for "
                    + seconds(nowNanos - silence.get().sinceNanos()) + ": "
                    + silence.get().failure());
        }
        if (!view.joined()) {
            return Probe.failing("joining its group, or between two assignments");
        }
        long recovering = nowNanos - view.stateSinceNanos();
        if (state == ProcessorState.RECOVERING && recovering > RECOVERY.toNanos()) {
            return Probe.failing("RECOVERING for " + seconds(recovering)
                    + ": restoring a partition, or waiting for the outcome of a transaction");
        }
        return Probe.ok("a member of its group with " + view.partitions().size() + " partition(s)");
    }

    private String cause() {
        return view.failure().map(failure -> ": " + failure.getMessage()).orElse("");
    }

    private static String seconds(long nanos) {
        return Duration.ofNanos(nanos).toSeconds() + " s";
    }
}
