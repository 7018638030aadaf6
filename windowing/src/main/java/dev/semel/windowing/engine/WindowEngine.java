package dev.semel.windowing.engine;

import dev.semel.windowing.aggregate.Aggregate;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.internal.windows.Grid;
import dev.semel.windowing.internal.windows.OpenEnds;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * The engine of windows that tumble or hop.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators
 */
public final class WindowEngine<K, V extends @Nullable Object, A> extends EventTimeEngine<K, V> {

    private final Grid grid;
    private final boolean isTumbling;
    private final OpenEnds ends = new OpenEnds();
    private final WindowStore<K, A> store;
    private final PaneCursor cursor = new PaneCursor();
    private final @Nullable PaneFiring<K, A> panes;
    private final Closing<K, A> closing;
    private final WindowFold<K, V, A> fold;

    WindowEngine(
            WindowEngineBuilder<K, V, A> settings,
            WindowStore<K, A> store,
            ControlState control,
            ResultSink<K, A> sink,
            long now) {
        super(settings, control, Fingerprint.of(settings.windows(), settings.emission()), now);
        WindowAssigner windows = settings.windows();
        this.grid = new Grid(
                windows.size().toMillis(),
                windows.advance().toMillis(),
                windows.offset().toMillis(),
                settings.earliestStart());
        this.isTumbling = windows.isTumbling();
        this.store = store;
        Emission emission = settings.emission();
        this.panes = emission.isInPanes()
                ? new PaneFiring<>(emission, grid.size(), marks, clock, ends, store, control, sink, cursor)
                : null;
        this.closing = new Closing<>(grid.size(), clock, ends, store, control, sink, panes);
        var limits = new OpenLimits(settings.limit(), settings.latenessMillis(), marks, clock, closing);
        this.fold = new WindowFold<>(
                grid, settings.aggregate(), settings.copier(), clock, ends, store, closing, limits, panes);
    }

    /** Begins what an engine is to be told; then it is started. */
    public static <K, V extends @Nullable Object, A> WindowEngineBuilder<K, V, A> of(
            WindowAssigner windows, Aggregate<K, V, A> aggregate) {
        return new WindowEngineBuilder<>(windows, aggregate);
    }

    @Override
    boolean isPlaceable(long timestamp) {
        return grid.contains(timestamp);
    }

    @Override
    Disposition judgeAndFold(K key, long timestamp, V value, long now) {
        long newest = grid.newestEnd();
        if (newest <= clock.closedUpTo) {
            return new Late(watermark(), new Window(newest - grid.size(), newest));
        }
        return isTumbling
                ? fold.fold(newest, key, timestamp, value, now)
                : fold.foldAll(newest, key, timestamp, value, now);
    }

    @Override
    long dueAt() {
        return closing.dueAt();
    }

    @Override
    void emit(int most) {
        closing.run(most);
    }

    @Override
    int openWindows() {
        return ends.size();
    }

    /** About how many bytes the open state takes, as far as the store knows. */
    @Override
    public long openBytes() {
        return store.bytes();
    }

    @Override
    int closedBy(long watermark) {
        int windows = 0;
        while (windows < ends.size() && clock.closesAt(ends.at(windows)) <= watermark) {
            windows++;
        }
        return windows - ends.upTo(clock.closedUpTo);
    }

    @Override
    long nextClose() {
        return clock.closesAt(ends.above(clock.closedUpTo));
    }

    @Override
    boolean isStoreEmpty() {
        return store.isEmpty();
    }

    @Override
    boolean restoreEntry(byte kind, StoredControl entry) {
        switch (kind) {
            case OpenWindow.CONTROL_KEY -> ends.add(OpenWindow.of(entry.key()).end());
            case PaneCursor.CONTROL_KEY -> cursor.restore(entry.value());
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    void restored() {
        if (panes != null) {
            panes.restored();
        }
        closing.lookAhead();
    }
}
