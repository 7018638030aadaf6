package dev.semel.windowing.engine;

import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.Disposition.Rejected;
import dev.semel.windowing.engine.OpenStateLimit.Beyond;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.state.SortStore;
import dev.semel.windowing.state.SortedSink;
import org.jspecify.annotations.Nullable;

/**
 * The engine that hands events on in the order of their times: each waits until the watermark has passed its time, and those of one time
 * go out in the order of their arrival.
 *
 * <p>An event whose time the watermark has passed when it comes is late; one whose time is that of the watermark is not. What goes out
 * is never earlier than what has gone out before, whatever comes. Sources, the watermark and its idleness, the future guard, slices and
 * accounts are those of windows, with each waiting event for an open window: {@code processed} are the events that were taken, {@code
 * closedContributions} those that have gone out, {@code openContributions} those that wait.
 *
 * @param <E> events
 */
public final class SorterEngine<E> extends EventTimeEngine<String, E> {

    /** All events are of one key: what is sorted is the input. */
    private static final String ALL = "";

    private static final Rejected NO_ROOM = new Rejected(Rejection.OPEN_STATE_LIMIT, null);

    private final SortStore<E> store;
    private final SortedSink<E> sink;
    private final OpenStateLimit limit;
    private final long earliest;
    private long first = EventTime.MAX;

    SorterEngine(SorterEngineBuilder settings, SortStore<E> store, ControlState control, SortedSink<E> sink, long now) {
        super(settings, control, Fingerprint.ofSorter(), now);
        this.store = store;
        this.sink = sink;
        this.limit = settings.limit();
        this.earliest = settings.earliestStart();
    }

    /** Begins what a sorter is to be told; then it is started. */
    public static SorterEngineBuilder builder() {
        return new SorterEngineBuilder();
    }

    /**
     * Takes an event.
     *
     * @param input that it was read from
     * @param source whose clock its time is of; null if it does not say
     * @param timestamp the event's time
     * @param recordTimestamp the record's own, which the future guard compares with
     * @param now the time of day
     * @return what became of it
     * @throws OpenStateLimitException if more would wait than may, and the limit says so; nothing has moved
     */
    public Disposition sort(
            Input input, @Nullable String source, long timestamp, long recordTimestamp, E event, long now) {
        return process(input, source, ALL, timestamp, recordTimestamp, event, now);
    }

    /** The ends of the range are no times: nothing is before the one, and the watermark never passes the other. */
    @Override
    boolean isPlaceable(long timestamp) {
        return timestamp >= earliest && timestamp != EventTime.MIN && timestamp != EventTime.MAX;
    }

    @Override
    Disposition judgeAndFold(String key, long timestamp, E event, long now) {
        if (timestamp < watermark()) {
            return new Late(watermark(), new Window(timestamp, timestamp + 1));
        }
        if (!fits() && !makesRoom(timestamp, now)) {
            return NO_ROOM;
        }
        // As many as were taken before: greater each time, and a part of the state already.
        store.put(timestamp, clock.processed, event);
        clock.openEntries++;
        clock.contributions++;
        first = Math.min(first, timestamp);
        return Disposition.PROCESSED;
    }

    private boolean fits() {
        return clock.openEntries < limit.entries()
                && (limit.bytes() == Long.MAX_VALUE || store.bytes() < limit.bytes());
    }

    private boolean makesRoom(long timestamp, long now) {
        if (limit.beyond() == Beyond.FAIL) {
            throw new OpenStateLimitException(
                    "an event more would wait, with " + clock.openEntries + " events of about "
                            + store.bytes() + " bytes waiting already, and the limit is " + limit + "; "
                            + holder().map(source -> "the source " + source.name() + " holds them")
                                    .orElse("no source is active")
                            + ": find out why it is behind, or give the strategy an idleness or a bound on drift");
        }
        if (limit.beyond() == Beyond.SHED) {
            return false;
        }
        emit(Integer.MAX_VALUE);
        while (!fits()) {
            if (first >= timestamp) {
                // No event makes itself late, or one that comes after it in the order.
                return false;
            }
            clock.forcedWindows++;
            marks.advanceTo(first + 1, now);
            clock.moved();
            emit(Integer.MAX_VALUE);
        }
        return true;
    }

    @Override
    long dueAt() {
        return EventTime.plus(first, 1);
    }

    @Override
    void emit(int most) {
        store.drain(watermark(), most, this::handOut);
        first = store.first();
    }

    private void handOut(long timestamp, E event) {
        clock.openEntries--;
        clock.closedContributions++;
        clock.closedWindows++;
        clock.emitted(ResultKind.FINAL);
        sink.event(timestamp, event);
    }

    /** What is sorted is no window. */
    @Override
    int closedBy(long watermark) {
        return 0;
    }

    @Override
    long nextClose() {
        return EventTime.MAX;
    }

    @Override
    int openWindows() {
        return (int) Math.min(clock.openEntries, Integer.MAX_VALUE);
    }

    /** How many events wait. */
    public long waiting() {
        return clock.openEntries;
    }

    /** About how many bytes wait, as far as the store knows. */
    public long waitingBytes() {
        return store.bytes();
    }

    @Override
    boolean isStoreEmpty() {
        return store.first() == EventTime.MAX;
    }

    @Override
    boolean restoreEntry(byte kind, StoredControl entry) {
        return false;
    }

    @Override
    void restored() {
        first = store.first();
    }
}
