package dev.semel.windowing.internal.watermark;

/**
 * Counts the time of day from tick to tick, each for at most one interval: what passes while the thread stands still is nobody's silence.
 * It begins with zero, or where another has ended whose value was kept.
 *
 * <p>Threading: one thread.
 */
public final class QuietClock {

    private final long intervalMillis;
    private long value;
    private long lastTick;
    private boolean counting = true;

    /** One that begins with zero. */
    public QuietClock(long intervalMillis, long now) {
        this(intervalMillis, now, 0);
    }

    /** One that goes on from a value. */
    public QuietClock(long intervalMillis, long now, long value) {
        this.intervalMillis = intervalMillis;
        this.lastTick = now;
        this.value = value;
    }

    /** What has been counted at the last tick. */
    public long value() {
        return value;
    }

    /** What has been counted by now. */
    public long at(long now) {
        return counting ? value + since(now) : value;
    }

    /** A wall clock that was set back has counted nothing. */
    private long since(long now) {
        long passed = now - lastTick;
        return passed < 0 ? 0 : Math.min(passed, intervalMillis);
    }

    /**
     * Time has passed.
     *
     * @param counts whether what passes until the next tick is silence; if not, what has passed since the last was none either
     */
    public void tick(long now, boolean counts) {
        if (counting && counts) {
            value += since(now);
        }
        counting = counts;
        lastTick = now;
    }
}
