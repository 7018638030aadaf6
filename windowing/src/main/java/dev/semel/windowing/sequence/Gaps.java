package dev.semel.windowing.sequence;

import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.sequence.SequenceStore.Due;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits: lets it follow when its turn has come, and ends gaps that are over.
 *
 * <p>As much goes out as has been granted. Of what is ready then and has no room, the store says that it is due at once, so that the
 * next call finds it, also after a restart.
 */
final class Gaps<K, E> {

    private static final int CHUNK = 64;

    private final GapClock clock;
    private final SequenceStore<K, E> store;
    private final SequenceSink<K, E> sink;
    private final GapPolicy policy;
    private final long boundMillis;
    private final long mostWaiting;

    /** No gap is over before this. After a start nobody knows. */
    private long nextDue = KeyProgress.AT_ONCE;

    /** Whether gaps may be held that the settings of an earlier start held, and those of this one do not. */
    private boolean isAnyHeld;

    private int granted;

    Gaps(SequenceEngineBuilder settings, GapClock clock, SequenceStore<K, E> store, SequenceSink<K, E> sink) {
        this.clock = clock;
        this.store = store;
        this.sink = sink;
        this.policy = settings.policy();
        this.boundMillis = settings.boundMillis();
        this.mostWaiting = settings.mostWaiting();
        this.isAnyHeld = policy != GapPolicy.HOLD;
    }

    /** From here on so much may go out. */
    void grant(int most) {
        granted = most;
    }

    boolean hasDue() {
        return nextDue <= clock.value() || isAnyHeld;
    }

    /** An event has come before its turn. */
    KeyProgress await(K key, KeyProgress before, Waiting<E> event) {
        store.put(key, event);
        clock.waiting++;
        KeyProgress progress;
        if (before.waiting() == 0) {
            clock.openGaps++;
            progress = due(key, before.waiting(1, event.number()), over(event.arrivedMillis()));
        } else {
            progress = before.waiting(before.waiting() + 1, Math.min(before.first(), event.number()));
        }
        return progress.waiting() > mostWaiting && !progress.isReady() ? end(key, progress, GapReason.COUNT) : progress;
    }

    private long over(long sinceMillis) {
        return boundMillis == KeyProgress.HELD
                ? KeyProgress.HELD
                : Math.min(EventTime.plus(sinceMillis, boundMillis), KeyProgress.HELD - 1);
    }

    private KeyProgress due(K key, KeyProgress progress, long millis) {
        if (progress.dueMillis() != KeyProgress.NEVER) {
            store.removeDue(progress.dueMillis(), key);
        }
        if (millis != KeyProgress.NEVER) {
            store.putDue(millis, key);
            nextDue = Math.min(nextDue, millis);
        }
        if (progress.isOverdue()) {
            clock.overdueGaps--;
        }
        return progress.due(millis, false);
    }

    /** Lets go out what waits and whose turn it is, one after the other, until the next gap. */
    KeyProgress follow(K key, KeyProgress begin) {
        KeyProgress progress = begin;
        if (!progress.isReady()) {
            // Nothing waits, or the gap has become narrower.
            return progress;
        }
        while (progress.waiting() > 0) {
            for (Waiting<E> waiting : store.lowest(key, progress.next(), CHUNK)) {
                if (waiting.number() != progress.next()) {
                    return due(
                            key, progress.waiting(progress.waiting(), waiting.number()), over(waiting.arrivedMillis()));
                }
                if (granted <= 0) {
                    return due(key, progress.waiting(progress.waiting(), waiting.number()), KeyProgress.AT_ONCE);
                }
                granted--;
                store.remove(key, waiting.number());
                clock.waiting--;
                clock.released++;
                sink.next(key, waiting.number(), waiting.event());
                progress = progress.passed(waiting.number()).waiting(progress.waiting() - 1, waiting.number());
            }
        }
        return closed(key, progress);
    }

    private KeyProgress closed(K key, KeyProgress progress) {
        clock.openGaps--;
        return due(key, progress.waiting(0, 0), KeyProgress.NEVER);
    }

    /** A bound is over. */
    private KeyProgress end(K key, KeyProgress progress, GapReason reason) {
        if (policy == GapPolicy.HOLD) {
            return progress.isOverdue() ? progress : overdue(key, progress);
        }
        if (reason == GapReason.TIME) {
            clock.endedByTime++;
        } else {
            clock.endedByCount++;
        }
        if (policy == GapPolicy.EMIT) {
            clock.skipped(progress.next(), progress.first());
            return follow(key, progress.skipped());
        }
        return giveUp(key, progress, reason);
    }

    private KeyProgress overdue(K key, KeyProgress progress) {
        clock.overdueGaps++;
        granted--;
        return due(key, progress, KeyProgress.HELD).due(KeyProgress.HELD, true);
    }

    /** All at once: a part of it at the gaps, and the missing one in between, would be no order at all. The count bounds it. */
    private KeyProgress giveUp(K key, KeyProgress progress, GapReason reason) {
        long left = progress.waiting();
        long from = progress.first();
        while (left > 0) {
            List<Waiting<E>> chunk = store.lowest(key, from, CHUNK);
            for (Waiting<E> waiting : chunk) {
                store.remove(key, waiting.number());
                clock.waiting--;
                clock.gapped++;
                granted--;
                left--;
                from = waiting.number();
                sink.gap(key, waiting.number(), waiting.event(), progress.next(), reason);
            }
        }
        return closed(key, progress);
    }

    /**
     * Ends gaps whose time is over and lets go on what had no room, the one that is due first before the others. Each takes some of what
     * was granted.
     */
    void endThoseDue() {
        while (granted > 0 && nextDue <= clock.value()) {
            Due<K> due = first(nextDue);
            nextDue = due == null ? KeyProgress.NEVER : due.millis();
            if (due != null && nextDue <= clock.value()) {
                end(due.key(), GapReason.TIME);
            }
        }
        while (granted > 0 && isAnyHeld) {
            Due<K> held = first(KeyProgress.HELD);
            if (held == null) {
                isAnyHeld = false;
            } else {
                end(held.key(), GapReason.TIME);
            }
        }
    }

    private @Nullable Due<K> first(long fromMillis) {
        List<Due<K>> first = store.firstDue(fromMillis, 1);
        return first.isEmpty() ? null : first.get(0);
    }

    private void end(K key, GapReason reason) {
        KeyProgress progress = store.progress(key);
        if (progress == null) {
            throw new IllegalStateException("a gap is over of a key that has no progress: the store has lost a part");
        }
        store.putProgress(key, progress.isReady() ? follow(key, progress) : end(key, progress, reason));
    }
}
