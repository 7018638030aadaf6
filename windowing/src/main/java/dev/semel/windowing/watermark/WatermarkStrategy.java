package dev.semel.windowing.watermark;

import dev.semel.windowing.internal.time.EventTime;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far event time has come: the watermark W, before which no more events are expected.
 *
 * <p>Each source has a mark: its largest event time, less the disorder that it is allowed. W is the least mark of all sources that are
 * {@linkplain SourceState#ACTIVE active}, and never falls. A known source that has not reported yet is active, and so holds W where it
 * is. Immutable; each {@code with...} gives another.
 *
 * <p>The rules for silent sources are those of Flink's {@code WatermarkStrategy} and {@code WatermarksWithIdleness}, but for two:
 * silence counts only while nothing is left to be read, and only as far as ticks have gone by.
 */
public final class WatermarkStrategy {

    private static final Duration DEFAULT_TICKS = Duration.ofSeconds(1);
    private static final int DEFAULT_MAX_SOURCES = 100_000;

    private final boolean fromEvents;
    private final Duration disorder;

    // Set by with... methods only, on a copy that nobody has seen yet.
    private @Nullable Duration idleness;
    private @Nullable ReturningSource returning;
    private boolean flushing;
    private int maxSources = DEFAULT_MAX_SOURCES;
    private SourceLimit sourceLimit = SourceLimit.REJECT;
    private @Nullable Duration maxDrift;
    private boolean wallClockAdvance;
    private Duration ticks = DEFAULT_TICKS;

    private WatermarkStrategy(boolean fromEvents, Duration disorder) {
        this.fromEvents = fromEvents;
        this.disorder = disorder;
    }

    private WatermarkStrategy copy() {
        var copy = new WatermarkStrategy(fromEvents, disorder);
        copy.idleness = idleness;
        copy.returning = returning;
        copy.flushing = flushing;
        copy.maxSources = maxSources;
        copy.sourceLimit = sourceLimit;
        copy.maxDrift = maxDrift;
        copy.wallClockAdvance = wallClockAdvance;
        copy.ticks = ticks;
        return copy;
    }

    /**
     * Events of one source come at most so much later than a later event of the same source.
     *
     * @param disorder zero or more; zero where the events of each source are in order
     * @throws IllegalArgumentException if it is negative
     */
    public static WatermarkStrategy boundedOutOfOrderness(Duration disorder) {
        EventTime.notNegative("the bound of disorder", disorder);
        return new WatermarkStrategy(true, disorder);
    }

    /**
     * Events move no mark: marks come from upstream, which has seen the sources themselves, and the sources here are its partitions.
     * For what follows a repartitioning.
     */
    public static WatermarkStrategy fromUpstream() {
        return new WatermarkStrategy(false, Duration.ZERO);
    }

    /**
     * A source that is silent for so long, with nothing of it left to be read, is not waited for any more. By default all are waited
     * for, however long it takes.
     *
     * <p>Where a partition has a backlog and sources are ids, event time decides instead: a source is idle when the largest mark of its
     * partition has moved on by this much since the source's last record. After a restart nobody is idle before the whole time is over.
     *
     * <p>It has to be longer than the longest transaction of the input: a consumer at {@code read_committed} has no lag behind one that is
     * open, so that its records count as silence until it is committed.
     *
     * @param timeout at least two {@linkplain #withTicks ticks}
     * @throws IllegalArgumentException if it is not positive
     */
    public WatermarkStrategy withIdleness(Duration timeout) {
        EventTime.positive("the time after which a source is idle", timeout);
        var copy = copy();
        copy.idleness = timeout;
        return copy;
    }

    /** What a source does that comes with old events. By default {@link ReturningSource#HOLD} for partitions, else catch up. */
    public WatermarkStrategy withReturningSource(ReturningSource policy) {
        var copy = copy();
        copy.returning = Objects.requireNonNull(policy, "policy");
        return copy;
    }

    /**
     * When all sources are idle or finished, the watermark moves up to the largest mark that any has reached, so that windows close
     * without another event. Off by default: whoever is behind that mark when it comes back is late.
     */
    public WatermarkStrategy withFlushWhenAllIdle() {
        var copy = copy();
        copy.flushing = true;
        return copy;
    }

    /**
     * How many sources there may be, declared ones included. By default 100,000, and records of others are rejected. When there are so
     * many, idle ones are forgotten first.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    public WatermarkStrategy withMaxSources(int most, SourceLimit beyond) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "the largest number of sources is " + most + ", and has to be 1 or more");
        }
        var copy = copy();
        copy.maxSources = most;
        copy.sourceLimit = Objects.requireNonNull(beyond, "beyond");
        return copy;
    }

    /**
     * A source is waited for only while it is at most so far behind the one that is furthest ahead; beyond that it is left out until it
     * has caught up, and what it sends for closed windows is late. By default there is no bound, and a source that stalls holds every
     * window open.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public WatermarkStrategy withMaxDrift(Duration bound) {
        EventTime.positive("the bound on drift", bound);
        var copy = copy();
        copy.maxDrift = bound;
        return copy;
    }

    /**
     * The watermark moves on with the time of day when events do not move it. Off by default, since results are then not the same when
     * the input is read again: what was early enough once can be late the next time.
     */
    public WatermarkStrategy withWallClockAdvance() {
        var copy = copy();
        copy.wallClockAdvance = true;
        return copy;
    }

    /**
     * How often ticks come: by default each second. A tick counts for this much silence at most, so that a thread that was stopped for
     * an hour takes nobody for idle.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public WatermarkStrategy withTicks(Duration interval) {
        EventTime.positive("the interval of ticks", interval);
        var copy = copy();
        copy.ticks = interval;
        return copy;
    }

    /** Whether events move marks; else they come from upstream. */
    public boolean isFromEvents() {
        return fromEvents;
    }

    /** How far an event may be behind its source's largest. */
    public Duration disorder() {
        return disorder;
    }

    /** After which silence a source is idle; empty if never. */
    public Optional<Duration> idleness() {
        return Optional.ofNullable(idleness);
    }

    /** What a source of this kind does that comes with old events. */
    public ReturningSource returningSource(SourceKind kind) {
        if (returning != null) {
            return returning;
        }
        return kind == SourceKind.PARTITION ? ReturningSource.HOLD : ReturningSource.CATCH_UP;
    }

    /** Whether the watermark moves to the largest mark when all are idle. */
    public boolean isFlushing() {
        return flushing;
    }

    /** How many sources there may be. */
    public int maxSources() {
        return maxSources;
    }

    /** What becomes of records of one source more. */
    public SourceLimit sourceLimit() {
        return sourceLimit;
    }

    /** How far a source may be behind the first and be waited for; empty if however far. */
    public Optional<Duration> maxDrift() {
        return Optional.ofNullable(maxDrift);
    }

    /** Whether the time of day moves the watermark. */
    public boolean isWallClockAdvance() {
        return wallClockAdvance;
    }

    /** How often ticks come. */
    public Duration ticks() {
        return ticks;
    }
}
