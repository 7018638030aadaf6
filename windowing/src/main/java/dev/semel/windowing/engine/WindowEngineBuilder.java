package dev.semel.windowing.engine;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.WindowStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an engine of tumbling or hopping windows is told.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators
 */
public final class WindowEngineBuilder<K, V extends @Nullable Object, A>
        extends EngineBuilder<WindowEngineBuilder<K, V, A>> {

    private final WindowAssigner windows;
    private final Aggregate<K, V, A> aggregate;
    private Emission emission = Emission.onClose();
    private OpenStateLimit limit = OpenStateLimit.none();
    private @Nullable UnaryOperator<A> copier;

    WindowEngineBuilder(WindowAssigner windows, Aggregate<K, V, A> aggregate) {
        this.windows = Objects.requireNonNull(windows, "windows");
        this.aggregate = Objects.requireNonNull(aggregate, "aggregate");
    }

    @Override
    WindowEngineBuilder<K, V, A> self() {
        return this;
    }

    /** When results go out. By default once, when a window closes. */
    public WindowEngineBuilder<K, V, A> emission(Emission newEmission) {
        emission = Objects.requireNonNull(newEmission, "emission");
        return this;
    }

    /** How much may be open at a time. By default as much as there is room for. */
    public WindowEngineBuilder<K, V, A> openState(OpenStateLimit newLimit) {
        limit = Objects.requireNonNull(newLimit, "limit");
        return this;
    }

    /**
     * Values are folded into copies of accumulators, for an aggregate that changes them in place and may fail half way. By default they
     * are folded into the accumulator itself, which is then to be left as it is by an aggregate that throws.
     */
    public WindowEngineBuilder<K, V, A> copyingAccumulators(UnaryOperator<A> newCopier) {
        copier = Objects.requireNonNull(newCopier, "copier");
        return this;
    }

    @Override
    void check() {
        super.check();
        long most = (windows.size().toMillis() - 1) / windows.advance().toMillis() + 1;
        if (limit.windows() < most || limit.entries() < most) {
            throw new IllegalStateException("the limit of open state is " + limit + ", and a record is in " + most
                    + " windows of " + windows.size() + " that advance by " + windows.advance()
                    + ": none that is on time would ever be taken; give a limit of at least " + most
                    + ", or advance by more");
        }
        if (emission.isEarly() && emission.earlyMillis() >= windows.size().toMillis()) {
            throw new IllegalStateException("early results come each " + Duration.ofMillis(emission.earlyMillis())
                    + " within a window, and windows are of " + windows.size()
                    + ": none would ever come; give a shorter interval, or leave out withEarly(...)");
        }
    }

    /**
     * Starts an engine on stored state.
     *
     * @param store that has the accumulators
     * @param control where control state is kept from now on
     * @param stored the control state that was kept, in any order; none for a new beginning
     * @param sink that takes the results
     * @param now the time of day: from here on it is counted who is idle
     * @throws IllegalStateException if settings do not fit each other
     * @throws dev.semel.windowing.state.IncompatibleStateException if the stored state is of other windows or of a newer release
     */
    public WindowEngine<K, V, A> start(
            WindowStore<K, A> store,
            ControlState control,
            Iterable<StoredControl> stored,
            ResultSink<K, A> sink,
            long now) {
        check();
        var engine = new WindowEngine<>(this, store, control, sink, now);
        engine.restore(stored);
        return engine;
    }

    /** Starts an engine that begins with nothing, and whose control state is not kept. */
    public WindowEngine<K, V, A> start(WindowStore<K, A> store, ResultSink<K, A> sink, long now) {
        return start(store, ControlState.none(), List.of(), sink, now);
    }

    WindowAssigner windows() {
        return windows;
    }

    Aggregate<K, V, A> aggregate() {
        return aggregate;
    }

    Emission emission() {
        return emission;
    }

    OpenStateLimit limit() {
        return limit;
    }

    @Nullable UnaryOperator<A> copier() {
        return copier;
    }
}
