package dev.semel.windowing.engine;

import dev.semel.windowing.aggregate.MergeableAggregate;
import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.SessionEntry;
import dev.semel.windowing.state.SessionStore;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine of sessions: events of one key that are no further apart than a gap. A session ends a gap after its last event, and an event
 * at that very point belongs to it still, as in Flink and in Kafka Streams.
 *
 * <p>An event is first merged with the open sessions that it touches, and then judged: it is late if what it belongs to would be closed
 * already. So one that is old belongs to a session that others have kept open. Each session has one {@link ResultKind#FINAL} result,
 * when the watermark has reached its end and the allowed lateness.
 *
 * @param <K> keys
 * @param <V> values
 * @param <A> accumulators
 */
public final class SessionEngine<K, V extends @Nullable Object, A> extends EventTimeEngine<K, V> {

    private final long gapMillis;
    private final MergeableAggregate<K, V, A> aggregate;
    private final @Nullable UnaryOperator<A> copier;
    private final SessionStore<K, A> store;
    private final ResultSink<K, A> sink;
    private long dueAt = EventTime.MAX;

    SessionEngine(
            SessionEngineBuilder<K, V, A> settings,
            SessionStore<K, A> store,
            ControlState control,
            ResultSink<K, A> sink,
            long now) {
        super(settings, control, Fingerprint.ofSessions(settings.gapMillis()), now);
        this.gapMillis = settings.gapMillis();
        this.aggregate = settings.aggregate();
        this.copier = settings.copier();
        this.store = store;
        this.sink = sink;
    }

    /** Begins what an engine is to be told; then it is started. */
    public static <K, V extends @Nullable Object, A> SessionEngineBuilder<K, V, A> of(
            Duration gap, MergeableAggregate<K, V, A> aggregate) {
        return new SessionEngineBuilder<>(gap, aggregate);
    }

    @Override
    boolean isPlaceable(long timestamp) {
        return timestamp + gapMillis > timestamp && timestamp != EventTime.MIN;
    }

    @Override
    Disposition judgeAndFold(K key, long timestamp, V value, long now) {
        long start = timestamp;
        long end = timestamp + gapMillis;
        // Those that are closed, and have had no room in a slice yet, are no more to be found.
        long firstOpen = Math.max(timestamp, EventTime.plus(clock.closedUpTo, 1));
        List<SessionEntry<A>> touched = clock.closedUpTo == EventTime.MAX ? List.of() : store.find(key, firstOpen, end);
        for (SessionEntry<A> session : touched) {
            start = Math.min(start, session.start());
            end = Math.max(end, session.end());
        }
        if (end <= clock.closedUpTo) {
            return new Late(watermark(), new Window(start, end));
        }
        A folded;
        try {
            folded = fold(key, value, touched);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(key, e);
        } catch (Exception e) {
            return failed(key, e);
        }
        long contributions = 1;
        for (SessionEntry<A> session : touched) {
            contributions += session.contributions();
            store.remove(key, session);
        }
        store.put(key, new SessionEntry<>(start, end, folded, contributions));
        clock.contributions++;
        clock.openEntries += 1 - touched.size();
        dueAt = Math.min(dueAt, clock.closesAt(end));
        return Disposition.PROCESSED;
    }

    private A fold(K key, V value, List<SessionEntry<A>> touched) throws Exception {
        if (touched.isEmpty()) {
            return checked(aggregate.first(key, value));
        }
        A merged = copy(touched.get(0).accumulator());
        for (SessionEntry<A> later : touched.subList(1, touched.size())) {
            merged = checked(aggregate.merge(merged, copy(later.accumulator())));
        }
        return checked(aggregate.fold(key, value, merged));
    }

    private A copy(A accumulator) {
        return copier == null ? accumulator : copier.apply(accumulator);
    }

    private static <A> A checked(@Nullable A accumulator) {
        if (accumulator == null) {
            throw new NullPointerException(
                    "the aggregate gave null, and an accumulator cannot be: give one that says that there is nothing");
        }
        return accumulator;
    }

    private Rejected failed(K key, Exception cause) {
        store.reread(key);
        return new Rejected(Rejection.AGGREGATE_FAILED, cause);
    }

    @Override
    long dueAt() {
        return dueAt;
    }

    @Override
    void emit(int most) {
        store.drain(clock.closedUpTo, most, this::close);
        lookAhead();
    }

    private void close(K key, SessionEntry<A> session) {
        clock.openEntries--;
        clock.closedWindows++;
        clock.closedContributions += session.contributions();
        clock.emitted(ResultKind.FINAL);
        sink.result(new WindowResult<>(
                new Window(session.start(), session.end()),
                key,
                session.accumulator(),
                ResultKind.FINAL,
                0,
                session.end() - gapMillis));
    }

    private void lookAhead() {
        dueAt = clock.openEntries == 0 ? EventTime.MAX : clock.closesAt(store.firstEnd());
    }

    @Override
    int openWindows() {
        return (int) Math.min(Integer.MAX_VALUE, clock.openEntries);
    }

    @Override
    boolean restoreEntry(byte kind, StoredControl entry) {
        return false;
    }

    @Override
    void restored() {
        lookAhead();
    }
}
