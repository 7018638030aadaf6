package dev.semel.windowing.engine;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.internal.windows.Grid;
import dev.semel.windowing.internal.windows.OpenEnds;
import dev.semel.windowing.state.WindowEntry;
import dev.semel.windowing.state.WindowStore;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Folds a value into the windows of its time that are open: into all of them, or, where there is no room or the aggregate fails, into
 * none. So everything is computed first, and kept afterwards.
 */
final class WindowFold<K, V extends @Nullable Object, A> {

    private static final Rejected NO_ROOM = new Rejected(Rejection.OPEN_STATE_LIMIT, null);

    private final Grid grid;
    private final Aggregate<K, V, A> aggregate;
    private final @Nullable UnaryOperator<A> copier;
    private final Clock clock;
    private final OpenEnds ends;
    private final WindowStore<K, A> store;
    private final Closing<K, A> closing;
    private final OpenLimits limits;
    private final @Nullable PaneFiring<K, A> panes;

    // Of the record in hand, one for each of its windows.
    private final @Nullable WindowEntry<A>[] entries;
    private final @Nullable Object[] folded;
    private @Nullable Exception failure;

    @SuppressWarnings({"unchecked", "rawtypes"})
    WindowFold(
            Grid grid,
            Aggregate<K, V, A> aggregate,
            @Nullable UnaryOperator<A> copier,
            Clock clock,
            OpenEnds ends,
            WindowStore<K, A> store,
            Closing<K, A> closing,
            OpenLimits limits,
            @Nullable PaneFiring<K, A> panes) {
        this.grid = grid;
        this.aggregate = aggregate;
        this.copier = copier;
        this.clock = clock;
        this.ends = ends;
        this.store = store;
        this.closing = closing;
        this.limits = limits;
        this.panes = panes;
        this.entries = (@Nullable WindowEntry<A>[]) new WindowEntry[(int) grid.most()];
        this.folded = new @Nullable Object[entries.length];
    }

    /** Into the only window of its time, which is open. */
    Disposition fold(long end, K key, long timestamp, V value, long now) {
        WindowEntry<A> entry = store.get(end, key);
        if (entry == null || panes != null) {
            return foldRarely(end, key, entry, timestamp, value, now);
        }
        A next = next(key, value, entry);
        if (next == null) {
            return failed(end, end, key);
        }
        entry.contribute(next, timestamp);
        store.put(end, key, entry);
        clock.contributions++;
        return Disposition.PROCESSED;
    }

    /** A key that is new in its window, or one in panes: apart, so that what most records need is compiled in one piece. */
    private Disposition foldRarely(long end, K key, @Nullable WindowEntry<A> entry, long timestamp, V value, long now) {
        showOnTime(end, key, entry);
        A next = next(key, value, entry);
        if (next == null) {
            return failed(end, end, key);
        }
        if (entry == null && !limits.admits(end, ends.contains(end) ? 0 : 1, 1, now)) {
            return NO_ROOM;
        }
        keep(end, key, entry, next, timestamp);
        clock.contributions++;
        return Disposition.PROCESSED;
    }

    /** Into those windows of its time that are open; the newest is. */
    Disposition foldAll(long newest, K key, long timestamp, V value, long now) {
        long oldest = grid.oldestEnd(timestamp);
        long first = oldest;
        while (first <= clock.closedUpTo) {
            first += grid.advance();
        }
        int count = (int) ((newest - first) / grid.advance()) + 1;
        try {
            if (!find(first, count, key, now)) {
                return NO_ROOM;
            }
            for (int i = 0; i < count; i++) {
                long end = first + i * grid.advance();
                showOnTime(end, key, entries[i]);
                folded[i] = next(key, value, entries[i]);
                if (folded[i] == null) {
                    return failed(first, end, key);
                }
            }
            keepAll(first, count, key, timestamp);
        } finally {
            Arrays.fill(entries, 0, count, null);
            Arrays.fill(folded, 0, count, null);
        }
        clock.contributions += count;
        clock.lateContributions += (first - oldest) / grid.advance();
        return Disposition.PROCESSED;
    }

    /**
     * Looks up what the key has in the windows of the record in hand. If there is room for what it does not have: to make room can bring
     * panes out, of these entries too, so that they are folded into afterwards, and are looked up again.
     */
    private boolean find(long first, int count, K key, long now) {
        int newWindows = 0;
        int newEntries = 0;
        for (int i = 0; i < count; i++) {
            long end = first + i * grid.advance();
            entries[i] = store.get(end, key);
            if (entries[i] == null) {
                newEntries++;
                newWindows += ends.contains(end) ? 0 : 1;
            }
        }
        if (newEntries == 0) {
            return true;
        }
        if (!limits.admits(first, newWindows, newEntries, now)) {
            return false;
        }
        for (int i = 0; i < count && panes != null; i++) {
            entries[i] = store.get(first + i * grid.advance(), key);
        }
        return true;
    }

    @SuppressWarnings("unchecked")
    private void keepAll(long first, int count, K key, long timestamp) {
        for (int i = 0; i < count; i++) {
            A next = (A) folded[i];
            if (next != null) {
                keep(first + i * grid.advance(), key, entries[i], next, timestamp);
            }
        }
    }

    private void showOnTime(long end, K key, @Nullable WindowEntry<A> entry) {
        if (panes != null && entry != null && end <= clock.watermark()) {
            panes.onTime(end, key, entry);
        }
    }

    /** @return null where the aggregate failed */
    private @Nullable A next(K key, V value, @Nullable WindowEntry<A> entry) {
        try {
            A next;
            if (entry == null || panes != null && panes.beginsAnew(entry)) {
                next = aggregate.first(key, value);
            } else {
                A accumulator = entry.accumulator();
                next = aggregate.fold(key, value, copier == null ? accumulator : copier.apply(accumulator));
            }
            if (next == null) {
                failure = new NullPointerException(
                        "the aggregate gave null, and an accumulator cannot be: give one that says that there is nothing");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e;
            return null;
        } catch (Exception e) {
            failure = e;
            return null;
        }
    }

    private Rejected failed(long first, long last, K key) {
        var rejected = new Rejected(Rejection.AGGREGATE_FAILED, failure);
        failure = null;
        reread(first, last, key);
        return rejected;
    }

    private void reread(long first, long last, K key) {
        for (long end = first; end < last; end += grid.advance()) {
            store.reread(end, key);
        }
        store.reread(last, key);
    }

    private void keep(long end, K key, @Nullable WindowEntry<A> entry, A accumulator, long timestamp) {
        if (entry == null) {
            begin(end, key, timestamp, accumulator);
        } else {
            entry.contribute(accumulator, timestamp);
            store.put(end, key, entry);
        }
        if (panes != null && end <= clock.watermark()) {
            WindowEntry<A> kept = store.get(end, key);
            if (kept != null) {
                panes.late(end, key, kept);
            }
        }
    }

    private void begin(long end, K key, long timestamp, A accumulator) {
        WindowEntry<A> entry = store.entry(key, accumulator, timestamp);
        if (end <= clock.watermark()) {
            entry.onTimeDone();
        }
        if (!ends.contains(end)) {
            closing.open(end);
        }
        store.add(end, key, entry);
        clock.openEntries++;
    }
}
