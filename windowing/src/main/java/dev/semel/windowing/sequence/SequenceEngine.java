package dev.semel.windowing.sequence;

import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.engine.StoredControl;
import dev.semel.windowing.sequence.Sequenced.Duplicate;
import dev.semel.windowing.sequence.Sequenced.Rejected;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.IncompatibleStateException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Hands on the events of each key in the order of their numbers: one that comes early waits for its predecessors, one whose number has
 * had its turn is a duplicate.
 *
 * <p>An event that waits has a gap before it. A gap is over after a time, or when more than so many events of the key wait; what happens
 * then is said by a {@link GapPolicy}. A gap's time counts from when the event right behind it came, or, where that one came later than
 * others that the same gap held up, from when the first of them did. It passes as far as ticks do, and goes on after a restart where it was:
 * what passes while nothing runs, or while the thread stands still, is no gap's time, since what would close it lies unread then.
 *
 * <p>What a store or the sink throws comes out of the method that met it. The engine is then to be thrown away, and started again on the
 * state of the last commit.
 *
 * <p>Threading: one thread. It has no clock: {@code now} is the time of day in milliseconds.
 *
 * @param <K> keys
 * @param <E> events
 */
public final class SequenceEngine<K, E> {

    private final OptionalLong firstExpected;
    private final int resultsPerCall;
    private final ControlState control;
    private final GapClock clock;
    private final Gaps<K, E> gaps;
    private final SequenceStore<K, E> store;
    private final SequenceSink<K, E> sink;

    SequenceEngine(
            SequenceEngineBuilder settings,
            SequenceStore<K, E> store,
            ControlState control,
            SequenceSink<K, E> sink,
            long now) {
        this.firstExpected = settings.firstExpected();
        this.resultsPerCall = settings.resultsAtMost();
        this.control = control;
        this.clock = new GapClock(settings.tickMillis(), now);
        this.gaps = new Gaps<>(settings, clock, store, sink);
        this.store = store;
        this.sink = sink;
    }

    /** Begins what a resequencer is to be told; then it is started. */
    public static SequenceEngineBuilder builder() {
        return new SequenceEngineBuilder();
    }

    /**
     * Takes a record.
     *
     * @param key null if it has none, which is a reason to reject it
     * @param number its place in the order of its key
     * @param now the time of day
     * @return what became of it
     */
    public Sequenced process(@Nullable K key, long number, E event, long now) {
        gaps.grant(resultsPerCall);
        Sequenced became = key == null ? withoutKey() : judge(key, number, event, now);
        gaps.endThoseDue();
        control.put(clock);
        return became;
    }

    private Sequenced withoutKey() {
        clock.rejected++;
        return new Rejected(Rejection.NULL_KEY);
    }

    /** Counts a record that is not to be processed, since its number could not be read. */
    public void reject() {
        clock.rejected++;
        control.put(clock);
    }

    private Sequenced judge(K key, long number, E event, long now) {
        KeyProgress progress = store.progress(key);
        if (progress == null) {
            progress = KeyProgress.at(firstExpected.orElse(number));
        }
        if (progress.isOver() || number < progress.next()) {
            clock.duplicates++;
            return new Duplicate(progress.next(), false);
        }
        boolean isNext = number == progress.next();
        if (progress.waiting() > 0 && (!isNext || progress.isReady()) && store.contains(key, number)) {
            clock.duplicates++;
            return new Duplicate(progress.next(), true);
        }
        if (isNext) {
            clock.released++;
            sink.next(key, number, event);
            store.putProgress(key, gaps.follow(key, progress.passed(number)));
        } else {
            var waiting = new Waiting<>(number, clock.at(now), event);
            store.putProgress(key, gaps.await(key, progress, waiting));
        }
        return Sequenced.TAKEN;
    }

    /** Time has passed: ends gaps that are over. To be called as often as the builder was told. */
    public void tick(long now) {
        clock.tick(now);
        emitMore();
        if (clock.openGaps > 0) {
            // So that the time that they have waited is not lost.
            control.put(clock);
        }
    }

    /** Whether something may be left to go out that a call before had no room for. */
    public boolean hasDue() {
        return gaps.hasDue();
    }

    /** Hands on more of what is due, at most as much as a call may. */
    public void emitMore() {
        if (gaps.hasDue()) {
            gaps.grant(resultsPerCall);
            gaps.endThoseDue();
            control.put(clock);
        }
    }

    /** What became of all records. */
    public SequenceAccounts accounts() {
        return clock.accounts();
    }

    void restore(Iterable<StoredControl> stored, long now) {
        boolean isNew = true;
        boolean isKnown = false;
        for (StoredControl entry : stored) {
            isNew = false;
            if (kind(entry) == SequenceKind.CONTROL_KEY) {
                SequenceKind.check(entry.value());
                isKnown = true;
            }
        }
        if (isNew) {
            control.put(SequenceKind.INSTANCE);
        } else if (!isKnown) {
            throw new IncompatibleStateException("the stored state does not say that it is of a resequencer: it was not"
                    + " written by this library, or only a part of it is there");
        }
        // Only after it is known of what they are: what else there is means something else in the state of others.
        for (StoredControl entry : stored) {
            switch (kind(entry)) {
                case SequenceKind.CONTROL_KEY -> {}
                case GapClock.CONTROL_KEY -> clock.restore(entry.value(), now);
                default ->
                    throw new IncompatibleStateException("the stored state has an entry of kind " + kind(entry)
                            + ", which this release does not know: start the release that wrote it, or a newer one");
            }
        }
    }

    private static byte kind(StoredControl entry) {
        return entry.key().length == 0 ? 0 : entry.key()[0];
    }
}
