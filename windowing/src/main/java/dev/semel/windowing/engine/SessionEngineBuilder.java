package dev.semel.windowing.engine;

import dev.semel.windowing.aggregate.MergeableAggregate;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.SessionStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an engine of sessions is told.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators
 */
public final class SessionEngineBuilder<K, V extends @Nullable Object, A>
        extends EngineBuilder<SessionEngineBuilder<K, V, A>> {

    private final long gapMillis;
    private final MergeableAggregate<K, V, A> aggregate;
    private Emission emission = Emission.onClose();
    private OpenStateLimit limit = OpenStateLimit.none();
    private @Nullable UnaryOperator<A> copier;

    SessionEngineBuilder(Duration gap, MergeableAggregate<K, V, A> aggregate) {
        this.gapMillis = EventTime.positive("the gap between sessions", gap);
        this.aggregate = Objects.requireNonNull(aggregate, "aggregate");
    }

    @Override
    SessionEngineBuilder<K, V, A> self() {
        return this;
    }

    /**
     * When results go out. By default once, when a session closes. With panes, results may replace those of other sessions, which
     * {@link SessionEngine} explains.
     *
     * @throws IllegalArgumentException if there are early results: a session is not known before it has ended
     */
    public SessionEngineBuilder<K, V, A> emission(Emission newEmission) {
        if (newEmission.isEarly()) {
            throw new IllegalArgumentException(
                    "sessions have no early results, since where one begins and ends is not known before: leave out"
                            + " withEarly(...)");
        }
        emission = newEmission;
        return this;
    }

    /**
     * How much may be open at a time. By default as much as there is room for. A session is a window and an entry; those that are closed
     * and wait for their slice count. A record that joins a session, or makes one of several, is never refused.
     */
    public SessionEngineBuilder<K, V, A> openState(OpenStateLimit newLimit) {
        limit = Objects.requireNonNull(newLimit, "limit");
        return this;
    }

    /**
     * Values are folded into copies of accumulators, for an aggregate that changes them in place and may fail half way. By default they
     * are folded into the accumulator itself, which is then to be left as it is by an aggregate that throws.
     */
    public SessionEngineBuilder<K, V, A> copyingAccumulators(UnaryOperator<A> newCopier) {
        copier = Objects.requireNonNull(newCopier, "copier");
        return this;
    }

    /**
     * Starts an engine on stored state.
     *
     * @param store that has the sessions
     * @param control where control state is kept from now on
     * @param stored the control state that was kept, in any order; none for a new beginning
     * @param sink that takes the results
     * @param now the time of day: from here on it is counted who is idle
     * @throws IllegalStateException if settings do not fit each other
     * @throws dev.semel.windowing.state.IncompatibleStateException if the stored state is of other windows or of a newer release
     */
    public SessionEngine<K, V, A> start(
            SessionStore<K, A> store,
            ControlState control,
            Iterable<StoredControl> stored,
            ResultSink<K, A> sink,
            long now) {
        check();
        var engine = new SessionEngine<>(this, store, control, sink, now);
        engine.restore(stored);
        return engine;
    }

    /** Starts an engine that begins with nothing, and whose control state is not kept. */
    public SessionEngine<K, V, A> start(SessionStore<K, A> store, ResultSink<K, A> sink, long now) {
        return start(store, ControlState.none(), List.of(), sink, now);
    }

    long gapMillis() {
        return gapMillis;
    }

    MergeableAggregate<K, V, A> aggregate() {
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
