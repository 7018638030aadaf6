package dev.semel.windowing.engine;

import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What engines of all kinds are told. A builder can start any number of engines.
 *
 * @param <B> the builder itself
 */
public abstract sealed class EngineBuilder<B extends EngineBuilder<B>>
        permits WindowEngineBuilder, SessionEngineBuilder, SorterEngineBuilder {

    private static final int DEFAULT_RESULTS_PER_CALL = 10_000;

    private WatermarkStrategy strategy = WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO);
    private SourceKind kind = SourceKind.ID;
    private @Nullable InputLag lag;
    private long latenessMillis;
    private @Nullable Duration futureBound;
    private MissingSource missingSource = MissingSource.DEFAULT_SOURCE;
    private int resultsPerCall = DEFAULT_RESULTS_PER_CALL;
    private long earliestStart = EventTime.MIN;

    EngineBuilder() {}

    abstract B self();

    /** How far event time has come. By default the events of each source are in order, and all sources are waited for. */
    public final B watermarks(WatermarkStrategy newStrategy) {
        strategy = Objects.requireNonNull(newStrategy, "strategy");
        return self();
    }

    /** What sources are. By default ids. */
    public final B sources(SourceKind newKind) {
        kind = Objects.requireNonNull(newKind, "kind");
        return self();
    }

    /** Says what is left to be read. Without it no strategy with an idleness can be used, since nobody would ever be idle. */
    public final B lag(InputLag newLag) {
        lag = Objects.requireNonNull(newLag, "lag");
        return self();
    }

    /**
     * How long a window accepts events after the watermark has passed its end. By default not at all.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public final B allowedLateness(Duration lateness) {
        latenessMillis = EventTime.notNegative("the allowed lateness", lateness);
        return self();
    }

    /**
     * An event that is further ahead of its record's own timestamp is rejected, so that one wrong clock does not close every window. By
     * default there is no guard. Where no timestamp of the record is given, the time of day stands for it, and a replay decides otherwise.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public final B futureGuard(Duration bound) {
        EventTime.notNegative("the bound of the future guard", bound);
        futureBound = bound;
        return self();
    }

    /** What becomes of a record that says nothing of its source. By default all such records are taken for one source's. */
    public final B missingSource(MissingSource policy) {
        missingSource = Objects.requireNonNull(policy, "policy");
        return self();
    }

    /**
     * How many results go out in one call, at most; what is left goes out in the calls after. By default 10,000. A million in one call
     * can take longer than a transaction may.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public final B resultsPerCall(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "the largest number of results of a call is " + most + ", and has to be 1 or more");
        }
        resultsPerCall = most;
        return self();
    }

    /**
     * No window begins before this: an event with one that would is {@linkplain Rejection#TIMESTAMP rejected}. For results that go where
     * earlier windows have no name. By default windows may begin anywhere.
     *
     * @param millis since 1970
     */
    public final B earliestStart(long millis) {
        earliestStart = millis;
        return self();
    }

    /** Checks settings against each other. */
    void check() {
        Optional<Duration> idleness = strategy.idleness();
        if (idleness.isPresent() && lag == null) {
            throw new IllegalStateException("the strategy has an idleness of " + idleness.get()
                    + ", and no source would ever be idle, since nothing says what is left to be read: give lag(...), or"
                    + " InputLag.none() for an input that is always read to its end");
        }
        if (idleness.isPresent() && idleness.get().compareTo(strategy.ticks().multipliedBy(2)) < 0) {
            throw new IllegalStateException("the strategy has an idleness of " + idleness.get() + " and ticks each "
                    + strategy.ticks() + ": give an idleness of two ticks or more, or more frequent ticks");
        }
        if (strategy.isFromEvents() && strategy.isFlushing() && idleness.isEmpty()) {
            throw new IllegalStateException(
                    "the strategy flushes when all sources are idle, and none ever is: give it an" + " idleness");
        }
        if (!strategy.isFromEvents() && missingSource == MissingSource.REJECT) {
            throw new IllegalStateException("marks come from upstream, where sources have been judged already: a record"
                    + " without source cannot be rejected here");
        }
        if (strategy.isFromEvents() && kind == SourceKind.PARTITION && missingSource == MissingSource.REJECT) {
            throw new IllegalStateException(
                    "sources are partitions, and every record is of one: none says nothing of its"
                            + " source, so leave out missingSource(REJECT), or give sources that are ids");
        }
    }

    final WatermarkStrategy strategy() {
        return strategy;
    }

    final SourceKind kind() {
        return kind;
    }

    final InputLag lagOrUnknown() {
        return lag == null ? input -> InputLag.UNKNOWN : lag;
    }

    final long latenessMillis() {
        return latenessMillis;
    }

    /** Null where there is no guard. */
    final @Nullable Duration futureBound() {
        return futureBound;
    }

    final MissingSource missing() {
        return missingSource;
    }

    final long earliestStart() {
        return earliestStart;
    }

    final int resultsAtMost() {
        return resultsPerCall;
    }
}
