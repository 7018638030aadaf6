package dev.semel.windowing.internal.watermark;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.internal.watermark.Source.Role;
import dev.semel.windowing.state.ControlState;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.ReturningSource;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.SourceLimit;
import dev.semel.windowing.watermark.SourceReport;
import dev.semel.windowing.watermark.SourceState;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The watermark of all sources: the least mark of those that are active. It never falls.
 *
 * <p>Threading: one thread.
 */
public final class SourceWatermarks {

    private final WatermarkStrategy strategy;
    private final long disorderMillis;
    private final long driftMillis;
    private final ControlState control;
    private final SourceTable sources;
    private final WaitedFor waitedFor;
    private final Silence silence;
    private final boolean isIdling;
    private final boolean isByEventTime;
    private final boolean isAnyGivenUp;
    private final WallClockAdvance wallClock;

    private long watermark = EventTime.MIN;
    private long movedAt;
    private long largest = EventTime.MIN;
    private long first = EventTime.MIN;

    /**
     * @param lag says which inputs are read to their end
     * @param now when it starts: every source has the whole time before it is idle
     */
    public SourceWatermarks(WatermarkStrategy strategy, SourceKind kind, InputLag lag, ControlState control, long now) {
        this.strategy = strategy;
        this.disorderMillis = strategy.disorder().toMillis();
        this.driftMillis =
                strategy.maxDrift().isPresent() ? strategy.maxDrift().get().toMillis() : EventTime.MAX;
        this.waitedFor = new WaitedFor(strategy.returningSource(kind) == ReturningSource.HOLD);
        this.control = control;
        this.sources = new SourceTable(strategy.maxSources());
        this.silence = new Silence(strategy, kind, lag, now);
        this.isIdling = strategy.idleness().isPresent();
        this.isByEventTime = silence.isByEventTime();
        this.isAnyGivenUp = isByEventTime || driftMillis != EventTime.MAX;
        this.wallClock = new WallClockAdvance(strategy, now);
        this.movedAt = now;
    }

    /** No more events before this are expected. */
    public long watermark() {
        return watermark;
    }

    /** The input of this name, by which it is asked for its lag. All inputs are to be named before the first tick. */
    public Feed feed(String name) {
        return silence.feed(name);
    }

    /** Makes a source known, and so waited for, before its first event. One that is known stays as it is. */
    public void declare(String name, long now) {
        Source source = sources.find(name);
        if (source == null) {
            source = new Source(Role.NAMED, name);
            source.activeAt = silence.at(now);
            sources.add(source);
            waitedFor.add(source);
            control.put(source);
        }
        source.declared = true;
    }

    /**
     * The source of this name, or the one that stands for it: for records without, and for those beyond the largest number.
     *
     * @return null if it is not known yet
     */
    public @Nullable Source find(@Nullable String name) {
        Source source = sources.find(name);
        return source != null || name == null || !isMerging() || !sources.isFull() ? source : sources.overflow();
    }

    /** Whether another source may {@link #join}. */
    public boolean hasRoom() {
        return !sources.isFull() || isMerging() || !sources.forgettable().isEmpty();
    }

    private boolean isMerging() {
        return strategy.sourceLimit() == SourceLimit.MERGE;
    }

    /** A source that is not known yet; it counts from its first mark on. */
    public Source join(@Nullable String name) {
        if (name != null && sources.isFull()) {
            sources.forgettable().forEach(this::forget);
        }
        Role role = name == null ? Role.UNNAMED : sources.isFull() ? Role.OVERFLOW : Role.NAMED;
        var source = new Source(role, role == Role.NAMED && name != null ? name : "");
        source.state = SourceState.IDLE;
        sources.add(source);
        return source;
    }

    private void forget(Source source) {
        sources.remove(source);
        control.remove(source);
    }

    /**
     * An event of a source has come.
     *
     * @return whether the watermark has moved
     */
    public boolean reported(Source source, Feed feed, long timestamp, long now) {
        long mark = EventTime.minus(timestamp, disorderMillis);
        if (mark <= source.mark && source.state == SourceState.ACTIVE && !isIdling) {
            return false;
        }
        return moved(source, feed, mark, now);
    }

    private boolean moved(Source source, Feed feed, long mark, long now) {
        if (source.feed != feed) {
            source.feed = feed;
        }
        if (isByEventTime) {
            feed.saw(mark);
            source.seenAt = feed.largest;
        }
        return mark(source, mark, now);
    }

    /**
     * A source has said itself how far it is.
     *
     * @return whether the watermark has moved
     */
    public boolean mark(Source source, long mark, long now) {
        source.activeAt = silence.at(now);
        boolean isHigher = mark > source.mark;
        if (isHigher) {
            source.mark = mark;
        }
        if (mark > largest) {
            if (largest == EventTime.MIN) {
                first = mark;
            }
            largest = mark;
        }
        if (source.state != SourceState.ACTIVE) {
            waitedFor.comeBack(source, watermark);
            isHigher = true;
        }
        if (isHigher || isByEventTime) {
            control.put(source);
        }
        return (isHigher && waitedFor.isTop(source) || isAnyGivenUp) && combine(now);
    }

    /** A source says that nothing more comes from it: it is left out, and never taken for infinitely far. */
    public boolean finish(String name, long now) {
        Source source = sources.find(name);
        if (source == null) {
            return false;
        }
        leaveOut(source, SourceState.FINISHED);
        control.put(source);
        return combine(now);
    }

    private void leaveOut(Source source, SourceState state) {
        waitedFor.leaveOut(source, state);
        sources.mayForget();
    }

    private boolean combine(long now) {
        Source least = waitedFor.least();
        while (least != null && isGivenUp(least)) {
            least = waitedFor.least();
        }
        if (least != null) {
            return advanceTo(least.mark, now);
        }
        return strategy.isFlushing() && !waitedFor.isAnyCatchingUp() && advanceTo(largest, now);
    }

    /** Looked at only for the one that holds the watermark: whether another is silent makes no difference. */
    private boolean isGivenUp(Source source) {
        long reached = source.mark == EventTime.MIN ? first : source.mark;
        if (driftMillis != EventTime.MAX && reached < EventTime.minus(largest, driftMillis)) {
            leaveOut(source, SourceState.CATCHING_UP);
            control.put(source);
            return true;
        }
        if (silence.isIdleByEventTime(source)) {
            leaveOut(source, SourceState.IDLE);
            return true;
        }
        return false;
    }

    /**
     * Moves the watermark up to a point, whatever the sources say.
     *
     * @return whether it has moved
     */
    public boolean advanceTo(long point, long now) {
        if (point <= watermark) {
            return false;
        }
        watermark = point;
        movedAt = now;
        wallClock.moved(point, now);
        return true;
    }

    /**
     * Time has passed: who has been silent for too long is idle.
     *
     * @return whether the watermark has moved
     */
    public boolean tick(long now) {
        silence.tick(now);
        for (Source source : silence.isDue() ? sources.all() : List.<Source>of()) {
            switch (silence.judge(source)) {
                case WAITED_FOR -> {}
                case HAS_BACKLOG -> waitedFor.comeBack(source, watermark);
                case SILENT -> leaveOut(source, SourceState.IDLE);
                case FORGOTTEN -> forget(source);
            }
        }
        boolean combined = combine(now);
        return advanceTo(wallClock.tick(watermark, now), now) || combined;
    }

    /** The source that holds the watermark where it is; null if none is active. */
    public @Nullable Source holder() {
        return waitedFor.least();
    }

    /**
     * Whether who reads this may go on without it. As long as no source is known, that takes as much silence as a source is given; and
     * without idleness it never is so.
     */
    public boolean isNobodyWaitedFor() {
        return isIdling && (sources.isEmpty() ? silence.isQuiet() : holder() == null);
    }

    /** How many sources the watermark waits for before it comes to this point. It looks at each of them. */
    public int holdersBefore(long point) {
        return waitedFor.countBefore(point);
    }

    /** When the watermark moved last, or this was started. */
    public long movedAt() {
        return movedAt;
    }

    /** The largest mark that any source has reached. */
    public long largest() {
        return largest;
    }

    /** How all sources stand, in no order. */
    public List<SourceReport> report() {
        return sources.all().stream().map(Source::report).toList();
    }

    /** How some of the sources stand, the one that holds the watermark first. */
    public List<SourceReport> report(int most) {
        Source holder = holder();
        Stream<Source> first = holder == null ? Stream.empty() : Stream.of(holder);
        Stream<Source> others = sources.all().stream().filter(source -> source != holder);
        return Stream.concat(first, others).limit(most).map(Source::report).toList();
    }

    /** Writes what is not an entry of its own. */
    public void write(ValueWriter out) {
        out.number(watermark).number(largest).number(first);
        silence.write(out);
    }

    /** Reads what {@link #write} has written. */
    public void read(ValueReader in) {
        watermark = in.number();
        largest = in.number();
        first = in.number();
        silence.read(in);
        wallClock.moved(watermark, movedAt);
    }

    /** Takes up a source of the stored state. One that was idle counts again, and has the whole time before it is. */
    public void restore(byte[] controlKey, byte[] controlValue) {
        Source source = Source.named(controlKey);
        String feed = source.restore(controlValue);
        source.feed = feed.isEmpty() ? null : silence.feed(feed);
        sources.add(source);
        sources.mayForget();
        waitedFor.add(source);
    }
}
