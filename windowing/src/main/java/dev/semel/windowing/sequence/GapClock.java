package dev.semel.windowing.sequence;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.internal.watermark.QuietClock;
import dev.semel.windowing.state.ControlEntry;

/**
 * The time by which gaps are over, and the accounts: the one entry of control state that every record changes.
 *
 * <p>The time is that of the day as far as ticks have gone by, each for one interval at most, and goes on after a restart where the last
 * tick was. What passes while nothing runs, or while the thread stands still, is not in it: the events that would close the gaps lie
 * unread then.
 */
final class GapClock implements ControlEntry {

    static final byte CONTROL_KEY = 'G';

    private static final int VERSION = 1;

    private final long intervalMillis;
    private QuietClock quiet;

    long released;
    long gapped;
    long waiting;
    long duplicates;
    long rejected;
    long openGaps;
    long overdueGaps;
    long endedByTime;
    long endedByCount;
    long skipped;

    GapClock(long intervalMillis, long now) {
        this.intervalMillis = intervalMillis;
        this.quiet = new QuietClock(intervalMillis, now);
    }

    /** As of the last tick. */
    long value() {
        return quiet.value();
    }

    long at(long now) {
        return quiet.at(now);
    }

    void tick(long now) {
        quiet.tick(now, true);
    }

    /** As many as there are between, without wrapping. */
    void skipped(long from, long to) {
        long numbers = to - from;
        long sum = skipped + numbers;
        skipped = numbers < 0 || sum < 0 ? Long.MAX_VALUE : sum;
    }

    SequenceAccounts accounts() {
        return new SequenceAccounts(
                released,
                gapped,
                waiting,
                duplicates,
                rejected,
                openGaps,
                overdueGaps,
                endedByTime,
                endedByCount,
                skipped);
    }

    @Override
    public byte[] controlKey() {
        return new byte[] {CONTROL_KEY};
    }

    @Override
    public byte[] controlValue() {
        return new ValueWriter(VERSION)
                .number(quiet.value())
                .number(released)
                .number(gapped)
                .number(waiting)
                .number(duplicates)
                .number(rejected)
                .number(openGaps)
                .number(overdueGaps)
                .number(endedByTime)
                .number(endedByCount)
                .number(skipped)
                .bytes();
    }

    void restore(byte[] stored, long now) {
        var in = new ValueReader("the clock of gaps", stored, VERSION);
        quiet = new QuietClock(intervalMillis, now, in.number());
        released = in.number();
        gapped = in.number();
        waiting = in.number();
        duplicates = in.number();
        rejected = in.number();
        openGaps = in.number();
        overdueGaps = in.number();
        endedByTime = in.number();
        endedByCount = in.number();
        skipped = in.number();
    }
}
