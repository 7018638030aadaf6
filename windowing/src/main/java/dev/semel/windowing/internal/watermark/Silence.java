package dev.semel.windowing.internal.watermark;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.SourceState;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has been silent for too long.
 *
 * <h2>Which time counts</h2>
 *
 * <p>A source whose records lie unread is not silent, it has not been listened to. A partition is therefore idle only when it is read to
 * its end, and has been for the whole time. Of an id nobody knows where its records are: the wall clock counts while all inputs are read
 * to their ends; while the input that its last record came from has a backlog, event time decides: it is idle when that input has moved
 * on by as much since. The same input gives the same answer again. An input whose backlog is unknown keeps its sources from being idle.
 *
 * <p>Event time is counted from the source's last record, and not from its mark. A source whose clock or uplink is minutes behind the
 * fastest one is never as far as that; it would be idle with each record that it sends, and late with the next.
 *
 * <p>Flink counted the wall clock through the stops of its own threads, and lost events of sources that had never been silent
 * (apache/flink#25167): hence {@link QuietClock}.
 */
final class Silence {

    /** What becomes of a source at a tick. */
    enum Judgement {
        WAITED_FOR,
        HAS_BACKLOG,
        SILENT,
        FORGOTTEN
    }

    private final boolean isOn;
    private final long idleMillis;
    private final SourceKind kind;
    private final InputLag lag;
    private final QuietClock clock;
    private final Map<String, Feed> feeds = new LinkedHashMap<>();

    /** Since when all inputs are read to their ends, by the clock that counts silence. */
    private long readSince;

    Silence(WatermarkStrategy strategy, SourceKind kind, InputLag lag, long now) {
        this.isOn = strategy.idleness().isPresent();
        this.idleMillis = isOn ? strategy.idleness().orElseThrow().toMillis() : EventTime.MAX;
        this.kind = kind;
        this.lag = lag;
        this.clock = new QuietClock(strategy.ticks().toMillis(), now);
        this.readSince = clock.value();
    }

    Feed feed(String name) {
        return feeds.computeIfAbsent(name, Feed::new);
    }

    /** What a source is marked with that is heard of now. */
    long at(long now) {
        return clock.at(now);
    }

    boolean isByEventTime() {
        return isOn && kind == SourceKind.ID;
    }

    void tick(long now) {
        if (!isOn) {
            return;
        }
        for (Feed feed : feeds.values()) {
            feed.lag = lag.records(feed.name);
        }
        boolean isRead = isAllRead();
        clock.tick(now, kind == SourceKind.PARTITION || isRead);
        if (!isRead) {
            readSince = clock.value();
        }
    }

    /** Whether nothing has been left to be read for as long as a source may be silent. */
    boolean isQuiet() {
        return isOn && clock.value() - readSince >= idleMillis;
    }

    /** What is not named yet may have anything: where no input is known, nothing has been read to its end. */
    private boolean isAllRead() {
        if (feeds.isEmpty()) {
            return false;
        }
        for (Feed feed : feeds.values()) {
            if (feed.lag != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether sources are to be judged at this tick at all. */
    boolean isDue() {
        return isOn && (kind == SourceKind.PARTITION || isAllRead());
    }

    Judgement judge(Source source) {
        if (kind == SourceKind.PARTITION) {
            long unread = lag.records(inputOf(source));
            if (unread != 0) {
                source.activeAt = clock.value();
                return unread > 0 && source.state == SourceState.IDLE ? Judgement.HAS_BACKLOG : Judgement.WAITED_FOR;
            }
        }
        long silent = clock.value() - source.activeAt;
        boolean isWaitedFor = source.state == SourceState.ACTIVE || source.state == SourceState.CATCHING_UP;
        if (isWaitedFor) {
            return silent >= idleMillis ? Judgement.SILENT : Judgement.WAITED_FOR;
        }
        boolean isForgotten = source.state == SourceState.IDLE
                && source.role == Source.Role.NAMED
                && !source.declared
                && silent - idleMillis >= idleMillis;
        return isForgotten ? Judgement.FORGOTTEN : Judgement.WAITED_FOR;
    }

    private static String inputOf(Source source) {
        return source.role == Source.Role.NAMED || source.feed == null ? source.name : source.feed.name;
    }

    /** Decided between ticks, record by record, from nothing but marks. */
    boolean isIdleByEventTime(Source source) {
        if (!isByEventTime()) {
            return false;
        }
        @Nullable Feed feed = source.feed;
        if (feed != null) {
            return feed.hasBacklog() && feed.movedOn(source.seenAt, idleMillis);
        }
        // It has not reported yet, and may come by any of them.
        for (Feed each : feeds.values()) {
            if (!each.hasBacklog() || !each.movedOn(each.first, idleMillis)) {
                return false;
            }
        }
        return !feeds.isEmpty();
    }

    void write(ValueWriter out) {
        // Of the others there is nothing to remember: they are named again.
        List<Feed> told = isByEventTime()
                ? feeds.values().stream().filter(Feed::hasReported).toList()
                : List.of();
        out.number(told.size());
        told.forEach(feed -> out.text(feed.name).number(feed.largest).number(feed.first));
    }

    void read(ValueReader in) {
        for (long left = in.number(); left > 0; left--) {
            Feed feed = feed(in.text());
            feed.largest = in.number();
            feed.first = in.number();
        }
    }
}
