package dev.semel.windowing.engine;

import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.watermark.Source;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.IncompatibleStateException;
import dev.semel.windowing.watermark.SourceReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes records and says what became of each. For each record, in this order: it is judged by the watermark as it stands, folded into
 * its windows, its source's mark moves the watermark, and what is due is emitted.
 *
 * <p>A record is exactly one of processed, late and rejected. It is late when all of its windows have been closed, which is when the
 * watermark, the least mark of all sources, has reached their end and the allowed lateness; never because its own source, or the
 * fastest one, is further on. One that is rejected moves nothing, as {@link Rejection} says; one that is late moves its source's mark.
 *
 * <p>What a store, the sink or an {@code Error} of the aggregate throws comes out of the method that met it. The engine is then to be
 * thrown away, and started again on the state of the last commit.
 *
 * <p>Threading: one thread. It has no clock: {@code now} is the time of day in milliseconds.
 *
 * @param <K> keys
 * @param <V> values
 */
public abstract sealed class EventTimeEngine<K, V extends @Nullable Object>
        permits WindowEngine, SessionEngine, SorterEngine {

    private static final Rejected[] REJECTED = Stream.of(Rejection.values())
            .map(reason -> new Rejected(reason, null))
            .toArray(Rejected[]::new);

    final SourceWatermarks marks;
    final Clock clock;
    final ControlState control;
    private final boolean isFromEvents;
    private final boolean needsSource;
    private final boolean isGuarded;
    private final long futureMillis;
    private final int resultsPerCall;
    private final Fingerprint fingerprint;
    private @Nullable Input onlyInput;

    EventTimeEngine(EngineBuilder<?> settings, ControlState control, Fingerprint fingerprint, long now) {
        this.marks = new SourceWatermarks(settings.strategy(), settings.kind(), settings.lagOrUnknown(), control, now);
        this.clock = new Clock(marks, settings.latenessMillis());
        this.control = control;
        this.isFromEvents = settings.strategy().isFromEvents();
        this.needsSource = settings.missing() == MissingSource.REJECT;
        Duration bound = settings.futureBound();
        this.isGuarded = bound != null;
        this.futureMillis = bound == null ? EventTime.MAX : bound.toMillis();
        this.resultsPerCall = settings.resultsAtMost();
        this.fingerprint = fingerprint;
    }

    /** Whether an event of this time has windows that begin and end within the range of numbers. */
    abstract boolean isPlaceable(long timestamp);

    /** Judges a record by the watermark as it stands, and folds it into those of its windows that are open. */
    abstract Disposition judgeAndFold(K key, long timestamp, V value, long now);

    /** The watermark at which there is something to emit. */
    abstract long dueAt();

    /** Emits what is due, at most so much. */
    abstract void emit(int most);

    /** How many windows are open. */
    abstract int openWindows();

    /** How many of the windows that are open a watermark would close; it need not be counted to the end. */
    abstract int closedBy(long watermark);

    /** The watermark at which the first of the windows that are open closes; asked if there is one. */
    abstract long nextClose();

    /** Whether the store of what is open has nothing. */
    abstract boolean isStoreEmpty();

    /** Takes up an entry of control state that is not of all engines; gives false if there is no such entry. */
    abstract boolean restoreEntry(byte kind, StoredControl entry);

    /** All entries have been taken up. */
    abstract void restored();

    /** What records are read from, by which the lag is asked for. All are to be named before the first tick. */
    public final Input input(String name) {
        return new Input(marks.feed(name));
    }

    /** Takes a record of the only input, without a timestamp of its own: the future guard compares with the time of day. */
    public final Disposition process(@Nullable String source, @Nullable K key, long timestamp, V value, long now) {
        if (onlyInput == null) {
            onlyInput = input("");
        }
        return process(onlyInput, source, key, timestamp, now, value, now);
    }

    /**
     * Takes a record.
     *
     * @param input that it was read from
     * @param source whose clock its time is of; null if it does not say
     * @param key null if it has none, which is a reason to reject it
     * @param timestamp the event's time
     * @param recordTimestamp the record's own, which the future guard compares with
     * @param value what the aggregate folds
     * @param now the time of day
     * @return what became of it
     * @throws OpenStateLimitException if it would open too much state, and the limit says so; nothing has moved
     */
    public final Disposition process(
            Input input,
            @Nullable String source,
            @Nullable K key,
            long timestamp,
            long recordTimestamp,
            V value,
            long now) {
        if (key == null) {
            return reject(Rejection.NULL_KEY);
        }
        if (!isPlaceable(timestamp)) {
            return reject(Rejection.TIMESTAMP);
        }
        if (isGuarded && timestamp > EventTime.plus(recordTimestamp, futureMillis)) {
            return reject(Rejection.FUTURE);
        }
        Source known = isFromEvents ? marks.find(source) : null;
        if (isFromEvents && known == null) {
            if (source == null && needsSource) {
                return reject(Rejection.NO_SOURCE);
            }
            if (source != null && !marks.hasRoom()) {
                return reject(Rejection.TOO_MANY_SOURCES);
            }
        }
        Disposition disposition = judgeAndFold(key, timestamp, value, now);
        if (disposition == Disposition.PROCESSED) {
            clock.processed++;
        } else if (disposition instanceof Late) {
            clock.late++;
        } else if (disposition instanceof Rejected rejected) {
            clock.rejected(rejected.reason());
            control.put(clock);
            return disposition;
        }
        if (isFromEvents) {
            Source moving = known == null ? marks.join(source) : known;
            if (marks.reported(moving, input.feed(), timestamp, now)) {
                clock.moved();
            }
        }
        emitDue();
        control.put(clock);
        return disposition;
    }

    /**
     * Counts a record that is not to be processed, since what {@link #process} needs of it could not be read. It moves nothing.
     *
     * @return what became of it
     */
    public final Disposition reject(Rejection reason) {
        clock.rejected(reason);
        control.put(clock);
        return REJECTED[reason.ordinal()];
    }

    private void emitDue() {
        if (marks.watermark() >= dueAt()) {
            emit(resultsPerCall);
        }
    }

    private void moved(boolean hasMoved) {
        if (hasMoved) {
            clock.moved();
        }
        emitDue();
        control.put(clock);
    }

    /**
     * Makes a source known before its first event: the watermark waits for it. To be called for assigned partitions after each start;
     * one that is known from the stored state stays as it is.
     */
    public final void declare(String source, long now) {
        marks.declare(source, now);
        control.put(clock);
    }

    /** Says that nothing more comes from a source: the watermark does not wait for it any more. */
    public final void finish(String source, long now) {
        moved(marks.finish(source, now));
    }

    /**
     * A source says itself how far it is, without an event: a mark that came through a repartitioning, or from a device that has nothing
     * to report. A mark less than an earlier one says nothing.
     *
     * @param mark no more events before this are expected from it
     * @return whether it was taken; not if it would be one source more than there may be
     */
    public final boolean mark(String source, long mark, long now) {
        Source known = marks.find(source);
        if (known == null) {
            if (!marks.hasRoom()) {
                return false;
            }
            known = marks.join(source);
        }
        moved(marks.mark(known, mark, now));
        return true;
    }

    /**
     * Moves the watermark up to a point, whatever the sources say. {@link Long#MAX_VALUE} says that the input has come to its end:
     * everything is closed.
     */
    public final void advanceTo(long watermark, long now) {
        moved(marks.advanceTo(watermark, now));
    }

    /** Time has passed: looks who is idle, and emits what is due. To be called as often as the strategy says. */
    public final void tick(long now) {
        moved(marks.tick(now));
    }

    /** Whether something is left to be emitted that a call before had no room for. */
    public final boolean hasDue() {
        return openWindows() > 0 && marks.watermark() >= dueAt();
    }

    /** Emits more of what is due, at most as much as a call may. */
    public final void emitMore() {
        moved(false);
    }

    /** No more events before this are expected; {@link Long#MIN_VALUE} before anything is known. */
    public final long watermark() {
        return marks.watermark();
    }

    /** Windows that end here or before are closed: nothing is accepted for them any more. */
    public final long closedUpTo() {
        return clock.closedUpTo;
    }

    /** How all sources stand, in no order: as many as there are. */
    public final List<SourceReport> sources() {
        return marks.report();
    }

    /** About how many bytes the open state takes, as far as the store knows; 0 where it does not. */
    public long openBytes() {
        return 0;
    }

    /**
     * Which source holds how many windows open, and for how long; empty if none does. Those are counted that would be closed if all
     * sources were as far as the first, so that two that stall are seen as one is. It looks at every source and every open window, of
     * sessions at as many as it shows, so it is for a report now and then.
     */
    public final Optional<Wedge> wedge(long now) {
        Source holder = marks.holder();
        int windows = holder == null ? 0 : closedBy(marks.largest());
        if (holder == null || windows <= 0) {
            return Optional.empty();
        }
        // A mark below zero leaves the range only where it has not been reported, or nearly so.
        long behind = marks.largest() - holder.mark();
        return Optional.of(new Wedge(
                holder.shownName(),
                holder.mark(),
                behind < 0 ? EventTime.MAX : behind,
                Math.max(1, marks.holdersBefore(nextClose())),
                windows,
                openBytes(),
                now - marks.movedAt()));
    }

    /** How some of the sources stand, in no order but the one that holds the watermark first. */
    public final List<SourceReport> sources(int most) {
        return marks.report(most);
    }

    /** The largest mark that any source has reached; {@link Long#MIN_VALUE} if none has reported. */
    public final long largestMark() {
        return marks.largest();
    }

    /** What became of all records. */
    public final Accounts accounts() {
        return clock.accounts(openWindows());
    }

    /** The source that holds the watermark where it is, and its mark; empty if no source is active. */
    public final Optional<SourceReport> holder() {
        return Optional.ofNullable(marks.holder()).map(Source::report);
    }

    final void restore(Iterable<StoredControl> stored) {
        boolean isNew = true;
        boolean isFingerprinted = false;
        for (StoredControl entry : stored) {
            isNew = false;
            if (entry.kind() == Fingerprint.CONTROL_KEY) {
                fingerprint.check(entry.value());
                isFingerprinted = true;
            }
        }
        if (isNew) {
            control.put(fingerprint);
        } else if (!isFingerprinted) {
            throw new IncompatibleStateException(
                    "the stored state does not say which windows it is of: it was not written by"
                            + " this library, or only a part of it is there");
        }
        // Only after it is known of what they are: what else there is means something else in the state of others.
        stored.forEach(this::restoreAny);
        checkStore();
        restored();
    }

    /**
     * The two stores have names and changelogs of their own, and one of them can be lost, or named otherwise, without the other. What was
     * open would then be gone in silence.
     */
    private void checkStore() {
        if (isStoreEmpty() != (clock.openEntries == 0)) {
            throw new IncompatibleStateException("the stored state says that " + clock.openEntries
                    + " entries are open, and the store of what is open has " + (isStoreEmpty() ? "none" : "some")
                    + ": only a part of the state is there, since one of the two stores was named otherwise or lost, or"
                    + " after a crash without exactly-once; give it back its name, or restore it, or give the operator"
                    + " and its store other names to begin with no state");
        }
    }

    private void restoreAny(StoredControl entry) {
        byte kind = entry.kind();
        switch (kind) {
            case Fingerprint.CONTROL_KEY -> {}
            case Clock.CONTROL_KEY -> clock.restore(entry.value());
            case Source.CONTROL_KEY -> marks.restore(entry.key(), entry.value());
            default -> {
                if (!restoreEntry(kind, entry)) {
                    throw entry.unknown();
                }
            }
        }
    }
}
