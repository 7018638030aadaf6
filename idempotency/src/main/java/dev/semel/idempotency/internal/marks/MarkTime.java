package dev.semel.idempotency.internal.marks;

/**
 * When marks were made, by two clocks, neither of which ever goes back: so marks that were written later never expire earlier.
 *
 * @param wallMillis the wall clock
 * @param recordMillis the latest timestamp of a record that was handled; not later than the wall clock was
 */
public record MarkTime(long wallMillis, long recordMillis) {

    /** Before anything. */
    public static final MarkTime NONE = new MarkTime(0, 0);

    /**
     * The time after this one.
     *
     * @param nowMillis what the wall clock says, which may have been set back
     * @param recordMillis of a record; one that has no time, or one in the future, does not move the clock further than to now
     */
    public MarkTime then(long nowMillis, long recordMillis) {
        return new MarkTime(
                Math.max(wallMillis, nowMillis), Math.max(this.recordMillis, Math.min(recordMillis, nowMillis)));
    }

    /**
     * The same, where its clocks were ahead of this one: what a clock that was set wrong has written must not last until its time
     * comes.
     */
    public MarkTime noLaterThan(long nowMillis) {
        return new MarkTime(Math.min(wallMillis, nowMillis), Math.min(recordMillis, nowMillis));
    }

    /** Whether so much time has passed since then, by both clocks. */
    boolean isPast(MarkTime now, long retentionMillis) {
        return now.wallMillis - wallMillis >= retentionMillis && now.recordMillis - recordMillis >= retentionMillis;
    }
}
