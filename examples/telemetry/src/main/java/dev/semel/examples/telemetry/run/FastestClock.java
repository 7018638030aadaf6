package dev.semel.examples.telemetry.run;

/**
 * What would be late if the latest event of all sources were the clock, as the stream time of Kafka Streams is: for comparison. For one
 * thread.
 */
final class FastestClock {

    private final long windowMillis;
    private final long graceMillis;
    private long latest = Long.MIN_VALUE;
    private long late;

    FastestClock(RunSettings settings) {
        this.windowMillis = settings.window().toMillis();
        this.graceMillis = settings.disorder().plus(settings.lateness()).toMillis();
    }

    /** A reading that windows may take. */
    void saw(long time) {
        long end = time - Math.floorMod(time, windowMillis) + windowMillis;
        if (latest != Long.MIN_VALUE && latest - graceMillis >= end) {
            late++;
        }
        latest = Math.max(latest, time);
    }

    /** How many of them would have been late. */
    long late() {
        return late;
    }

    /** A time at which every window is closed that has a reading. */
    long beyondAll() {
        return (latest == Long.MIN_VALUE ? 0 : latest) + 2 * windowMillis + graceMillis;
    }
}
