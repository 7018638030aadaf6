package dev.semel.core.internal.observe;

import dev.semel.core.health.ProcessorState;
import dev.semel.core.internal.poll.Lifecycle;
import dev.semel.core.internal.poll.PartitionView;
import dev.semel.core.internal.poll.Sightings;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The view of a real processor. */
final class LiveView implements ProcessorView {

    private final Lifecycle lifecycle;
    private volatile @Nullable Sightings sightings;

    LiveView(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    void begins(Sightings toBeSeen) {
        sightings = toBeSeen;
    }

    @Override
    public ProcessorState state() {
        return lifecycle.state();
    }

    @Override
    public long stateSinceNanos() {
        return lifecycle.sinceNanos();
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(lifecycle.stopCause());
    }

    @Override
    public boolean started() {
        return sightings != null;
    }

    @Override
    public long movedNanos() {
        @Nullable Sightings seen = sightings;
        return seen == null ? lifecycle.sinceNanos() : seen.movedNanos();
    }

    @Override
    public boolean joined() {
        @Nullable Sightings seen = sightings;
        return seen != null && seen.joined();
    }

    @Override
    public boolean paused() {
        return lifecycle.isPaused();
    }

    @Override
    public Optional<String> pausedReason() {
        return Optional.ofNullable(lifecycle.pauseReason());
    }

    @Override
    public Collection<PartitionView> partitions() {
        @Nullable Sightings seen = sightings;
        return seen == null ? List.of() : seen.partitions();
    }
}
