package dev.semel.windowing.engine;

import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.state.SortStore;
import dev.semel.windowing.state.SortedSink;
import java.util.List;
import java.util.Objects;

/** What a sorter by event time is told. */
public final class SorterEngineBuilder extends EngineBuilder<SorterEngineBuilder> {

    private OpenStateLimit limit = OpenStateLimit.none();

    SorterEngineBuilder() {}

    @Override
    SorterEngineBuilder self() {
        return this;
    }

    /**
     * How many events may wait at a time, or how many bytes. By default as much as there is room for. With {@link
     * OpenStateLimit.Beyond#FORCE_ADVANCE} the earliest go out, and what comes before them later is late; an event that is itself the
     * earliest is then rejected.
     */
    public SorterEngineBuilder waiting(OpenStateLimit newLimit) {
        limit = Objects.requireNonNull(newLimit, "limit");
        return this;
    }

    /**
     * Starts a sorter on stored state.
     *
     * @param store that has what waits
     * @param control where control state is kept from now on
     * @param stored the control state that was kept, in any order; none for a new beginning
     * @param sink that takes events in the order of their times
     * @param now the time of day: from here on it is counted who is idle
     * @throws IllegalStateException if settings do not fit each other
     * @throws IncompatibleStateException if the stored state is of windows, of a resequencer or of a newer release
     */
    public <E> SorterEngine<E> start(
            SortStore<E> store, ControlState control, Iterable<StoredControl> stored, SortedSink<E> sink, long now) {
        check();
        if (latenessMillis() > 0) {
            throw new IllegalStateException("a sorter has an allowed lateness of " + latenessMillis()
                    + " ms, and what it has handed on cannot be followed by something earlier: give the strategy a"
                    + " greater bound of disorder, and the sorter waits for so long");
        }
        if (limit.windows() != Integer.MAX_VALUE) {
            throw new IllegalStateException("a sorter has a limit of " + limit.windows()
                    + " open windows, and no windows: limit entries, which are events that wait, or bytes");
        }
        var engine = new SorterEngine<>(this, store, control, sink, now);
        engine.restore(stored);
        return engine;
    }

    /** Starts a sorter that begins with nothing, and whose control state is not kept. */
    public <E> SorterEngine<E> start(SortStore<E> store, SortedSink<E> sink, long now) {
        return start(store, ControlState.none(), List.of(), sink, now);
    }

    OpenStateLimit limit() {
        return limit;
    }
}
