package dev.semel.windowing.internal.watermark;

import dev.semel.windowing.internal.time.EventTime;
import dev.semel.windowing.watermark.WatermarkStrategy;

/** Where the time of day has carried the watermark since something else moved it last. Does nothing unless it is asked for. */
final class WallClockAdvance {

    private final boolean isOn;
    private final QuietClock clock;
    private long base = EventTime.MIN;
    private long baseAt;

    WallClockAdvance(WatermarkStrategy strategy, long now) {
        this.isOn = strategy.isWallClockAdvance();
        this.clock = new QuietClock(strategy.ticks().toMillis(), now);
    }

    void moved(long watermark, long now) {
        if (isOn) {
            base = watermark;
            baseAt = clock.at(now);
        }
    }

    /** @return where the watermark is to be; less than it is if it is not to move */
    long tick(long watermark, long now) {
        if (!isOn || watermark == EventTime.MIN) {
            return EventTime.MIN;
        }
        clock.tick(now, true);
        return EventTime.plus(base, Math.max(0, clock.value() - baseAt));
    }
}
