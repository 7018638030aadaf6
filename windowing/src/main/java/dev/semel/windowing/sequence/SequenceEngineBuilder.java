package dev.semel.windowing.sequence;

import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.IncompatibleStateException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a resequencer is told. A builder can start any number of engines. */
public final class SequenceEngineBuilder {

    private static final int DEFAULT_RESULTS_PER_CALL = 10_000;

    private @Nullable OptionalLong firstExpected;
    private @Nullable GapPolicy policy;
    private long boundMillis = KeyProgress.HELD;
    private long mostWaiting = Long.MAX_VALUE;
    private int resultsPerCall = DEFAULT_RESULTS_PER_CALL;
    private long tickMillis = 1_000;

    SequenceEngineBuilder() {}

    /** Each key begins with this number: a lower one is a duplicate, a higher one waits. */
    public SequenceEngineBuilder firstExpected(long number) {
        firstExpected = OptionalLong.of(number);
        return this;
    }

    /** Each key begins with the number that comes first, whichever it is: a lower one that comes later is a duplicate. */
    public SequenceEngineBuilder firstSeen() {
        firstExpected = OptionalLong.empty();
        return this;
    }

    /**
     * How long a gap may be open, and how many events of a key may wait behind it; one more ends it. By default any number, for ever,
     * which only {@link GapPolicy#HOLD} allows.
     *
     * @throws IllegalArgumentException if one of them is not positive
     */
    public SequenceEngineBuilder gapBound(Duration time, int count) {
        boundMillis = Math.min(EventTime.positive("the time that a gap may be open", time), KeyProgress.HELD - 1);
        if (count < 1) {
            throw new IllegalArgumentException(
                    "the number of events that may wait behind a gap is " + count + ", and has to be 1 or more");
        }
        mostWaiting = count;
        return this;
    }

    /** What becomes of what waits when a gap's bound is over. To be said in any case. */
    public SequenceEngineBuilder onGap(GapPolicy newPolicy) {
        policy = Objects.requireNonNull(newPolicy, "policy");
        return this;
    }

    /**
     * How many events that have waited go out in one call, at most; what is left goes out in the calls after. By default 10,000. What
     * goes to the gaps goes whole, a key at a time.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SequenceEngineBuilder resultsPerCall(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "the largest number of results of a call is " + most + ", and has to be 1 or more");
        }
        resultsPerCall = most;
        return this;
    }

    /**
     * How often ticks come, by default each second. A gap ends with the first tick after its time is over.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SequenceEngineBuilder ticks(Duration interval) {
        tickMillis = EventTime.positive("the interval of ticks", interval);
        return this;
    }

    /**
     * Starts a resequencer on stored state.
     *
     * @param store that has keys, and what waits
     * @param control where control state is kept from now on
     * @param stored the control state that was kept, in any order; none for a new beginning
     * @param sink that takes what goes out
     * @param now the time of day: from here on it counts how long gaps are open
     * @throws IllegalStateException if a setting is missing, or they do not fit each other
     * @throws IncompatibleStateException if the stored state is of something else, or of a newer release
     */
    public <K, E> SequenceEngine<K, E> start(
            SequenceStore<K, E> store,
            ControlState control,
            Iterable<StoredControl> stored,
            SequenceSink<K, E> sink,
            long now) {
        check();
        var engine = new SequenceEngine<>(this, store, control, sink, now);
        engine.restore(stored, now);
        return engine;
    }

    /** Starts a resequencer that begins with nothing, and whose control state is not kept. */
    public <K, E> SequenceEngine<K, E> start(SequenceStore<K, E> store, SequenceSink<K, E> sink, long now) {
        return start(store, ControlState.none(), List.of(), sink, now);
    }

    private void check() {
        firstExpected();
        if (policy() != GapPolicy.HOLD && boundMillis == KeyProgress.HELD) {
            throw new IllegalStateException("a resequencer has onGap(" + policy()
                    + ") and no bound that a gap could be beyond: give gapBound(time, count), or HOLD");
        }
        if (boundMillis < tickMillis) {
            throw new IllegalStateException("a gap may be open for " + boundMillis + " ms, and ticks come each "
                    + tickMillis + " ms, before which nobody looks: give it a tick or more, or more frequent ticks");
        }
    }

    OptionalLong firstExpected() {
        if (firstExpected == null) {
            throw new IllegalStateException(
                    "a resequencer is not told which number a key begins with: say firstExpected(number) or firstSeen()");
        }
        return firstExpected;
    }

    GapPolicy policy() {
        if (policy == null) {
            throw new IllegalStateException("a resequencer is not told what becomes of a gap that does not close: say"
                    + " onGap(EMIT), onGap(DEAD_LETTER) or onGap(HOLD)");
        }
        return policy;
    }

    long boundMillis() {
        return boundMillis;
    }

    long mostWaiting() {
        return mostWaiting;
    }

    int resultsAtMost() {
        return resultsPerCall;
    }

    long tickMillis() {
        return tickMillis;
    }
}
