package dev.semel.windowing.engine;

import dev.semel.windowing.aggregate.MergeableAggregate;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.windows.Placement;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.SessionEntry;
import dev.semel.windowing.state.SessionStore;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine of sessions: events of one key that are no further apart than a gap. A session ends a gap after its last event, and an event
 * at that very point belongs to it still, as in Flink and in Kafka Streams.
 *
 * <p>An event is first merged with the open sessions that it touches, and then judged: it is late if what it belongs to would be closed
 * already. So one that is old belongs to a session that others have kept open. By default each session has one {@link ResultKind#FINAL}
 * result, when the watermark has reached its end and the allowed lateness.
 *
 * <h2>Panes</h2>
 *
 * <p>With {@link Emission#inPanes()} a session has a result {@link ResultKind#ON_TIME} when the watermark reaches its end: it has fired.
 * Each record that is accepted for it after that makes one result {@link ResultKind#LATE} at once. A session that has fired stays so,
 * whatever it becomes: also a record that makes it longer, or one session of several of which one has fired, makes one result {@code
 * LATE}, of the session as it is then; and no other is on time. Closing is silent.
 *
 * <p>So the bounds of a session may change after results of it went out, and those stand for sessions that do not exist any more. Each
 * result names the ones that it {@linkplain WindowResult#replaced() replaces}. Whoever keeps the last result of each session removes
 * those; with {@link Emission#discarding()} nothing is to be removed, since results add up.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators
 */
public final class SessionEngine<K, V extends @Nullable Object, A> extends EventTimeEngine<K, V> {

    /** Sessions that a wedge counts. */
    private static final int MOST_COUNTED = 10_000;

    private static final Rejected NO_ROOM = new Rejected(Rejection.OPEN_STATE_LIMIT, null);

    private final long gapMillis;
    private final Placement placement;
    private final long latenessMillis;
    private final boolean isInPanes;
    private final SessionFold<K, V, A> fold;
    private final SessionStore<K, A> store;
    private final SessionClosing<K, A> closing;
    private final OpenLimits limits;

    SessionEngine(
            SessionEngineBuilder<K, V, A> settings,
            SessionStore<K, A> store,
            ControlState control,
            ResultSink<K, A> sink,
            long now) {
        super(settings, control, Fingerprint.ofSessions(settings.gapMillis(), settings.emission()), now);
        this.gapMillis = settings.gapMillis();
        this.placement = Placement.ofSessions(gapMillis, settings.earliestStart());
        this.latenessMillis = settings.latenessMillis();
        this.isInPanes = settings.emission().isInPanes();
        this.fold = new SessionFold<>(
                settings.aggregate(), settings.copier(), settings.emission().isDiscarding());
        this.store = store;
        this.closing = new SessionClosing<>(gapMillis, settings.emission(), marks, clock, store, sink);
        this.limits = new OpenLimits(settings.limit(), settings.latenessMillis(), marks, clock, closing);
    }

    /** Begins what an engine is to be told; then it is started. */
    public static <K, V extends @Nullable Object, A> SessionEngineBuilder<K, V, A> of(
            Duration gap, MergeableAggregate<K, V, A> aggregate) {
        return new SessionEngineBuilder<>(gap, aggregate);
    }

    @Override
    boolean isPlaceable(long timestamp) {
        return placement.contains(timestamp);
    }

    @Override
    Disposition judgeAndFold(K key, long timestamp, V value, long now) {
        long start = timestamp;
        long end = timestamp + gapMillis;
        List<SessionEntry<A>> touched = touched(key, timestamp);
        for (SessionEntry<A> session : touched) {
            start = Math.min(start, session.start());
            end = Math.max(end, session.end());
        }
        if (end <= clock.closedUpTo) {
            return new Late(watermark(), new Window(start, end));
        }
        long watermark = watermark();
        fireDue(key, touched, watermark);
        A folded;
        try {
            folded = fold.fold(key, value, touched);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(key, e);
        } catch (Exception e) {
            return failed(key, e);
        }
        if (touched.isEmpty() && !limits.admits(end, 1, 1, now)) {
            return NO_ROOM;
        }
        keep(key, touched, merged(start, end, folded, touched), watermark);
        return Disposition.PROCESSED;
    }

    /** Those that are closed, and have had no room in a slice yet, are no more to be found. */
    private List<SessionEntry<A>> touched(K key, long timestamp) {
        return clock.closedUpTo == EventTime.MAX
                ? List.of()
                : store.find(key, Math.max(timestamp, clock.closedUpTo + 1), timestamp + gapMillis);
    }

    /** Slices make no difference to what a pane on time shows: one whose turn has not come has it before the record is folded. */
    private void fireDue(K key, List<SessionEntry<A>> touched, long watermark) {
        if (isInPanes) {
            touched.replaceAll(session ->
                    session.hasFired() || session.end() > watermark ? session : closing.onTime(key, session));
        }
    }

    private static <A> SessionEntry<A> merged(long start, long end, A folded, List<SessionEntry<A>> touched) {
        long contributions = 1;
        int panes = 0;
        for (SessionEntry<A> session : touched) {
            contributions += session.contributions();
            panes = Math.max(panes, session.panes());
        }
        return new SessionEntry<>(start, end, folded, contributions, panes);
    }

    private void keep(K key, List<SessionEntry<A>> touched, SessionEntry<A> merged, long watermark) {
        SessionEntry<A> kept = merged;
        if (isInPanes && (merged.hasFired() || merged.end() <= watermark)) {
            closing.late(key, merged, replaced(touched, merged));
            kept = merged.fired();
        }
        store.replace(key, touched, kept);
        clock.contributions++;
        clock.openEntries += 1 - touched.size();
        closing.kept(kept);
    }

    private static <A> List<Window> replaced(List<SessionEntry<A>> touched, SessionEntry<A> merged) {
        return touched.stream()
                .filter(SessionEntry::hasFired)
                .filter(session -> session.start() != merged.start() || session.end() != merged.end())
                .map(session -> new Window(session.start(), session.end()))
                .toList();
    }

    private Rejected failed(K key, Exception cause) {
        store.reread(key);
        return new Rejected(Rejection.AGGREGATE_FAILED, cause);
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
        return (int) Math.min(Integer.MAX_VALUE, clock.openEntries);
    }

    /** About how many bytes the open state takes, as far as the store knows. */
    @Override
    public long openBytes() {
        return closing.bytes();
    }

    @Override
    int closedBy(long watermark) {
        long ended = watermark == EventTime.MAX ? EventTime.MAX : EventTime.minus(watermark, latenessMillis);
        return ended <= clock.closedUpTo ? 0 : store.count(clock.closedUpTo, ended, MOST_COUNTED);
    }

    @Override
    long nextClose() {
        return clock.closesAt(closing.firstEnd());
    }

    @Override
    boolean isStoreEmpty() {
        return store.firstEnd(false) == EventTime.MAX && store.firstEnd(true) == EventTime.MAX;
    }

    @Override
    boolean restoreEntry(byte kind, StoredControl entry) {
        return false;
    }

    @Override
    void restored() {
        closing.lookAhead();
    }
}
