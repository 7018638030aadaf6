package dev.semel.idempotency.internal.jdbc;

import java.time.InstantSource;

/**
 * How far a partition has come: the offset before which everything is released, and the latest timestamp of a record that was handled
 * before it. Both only grow.
 *
 * <p>The time counts only when the offset behind it is committed. What is handled already can come again with the next owner,
 * behind a duplicate that this one has still in hand; a mark that had been deleted by then would let the duplicate pass.
 *
 * <p>A record from the future counts as one of the moment at which it was handled. Its own time would be ahead of every mark, so that
 * marks went by the wall clock alone from then on, also while nobody consumes.
 *
 * <p>Threading: written by the poll thread, once it has begun; read by any.
 */
final class PartitionProgress {

    /** No record was consumed yet, as far as is known. */
    static final long NEVER = Long.MIN_VALUE;

    private final InstantSource clock;

    private volatile long released;
    private volatile long recordTimeMs = NEVER;

    private long sentTimeMs = NEVER;
    private long committingOffset = -1;
    private long committingTimeMs = NEVER;

    /** @param clock the processor's */
    PartitionProgress(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * It goes on.
     *
     * @param releasedThrough what is known of earlier assignments
     * @param lastRecordTimeMs the same; {@link #NEVER} where nothing is known
     */
    void begin(long releasedThrough, long lastRecordTimeMs) {
        released = releasedThrough;
        recordTimeMs = lastRecordTimeMs;
        sentTimeMs = lastRecordTimeMs;
    }

    /** A record with this timestamp was handled, and all before it are decided. */
    void sent(long timestampMs) {
        sentTimeMs = Math.max(sentTimeMs, Math.min(timestampMs, clock.millis()));
    }

    /**
     * A transaction that commits this offset is about to be committed.
     *
     * @return whether the offset is behind what is released, and so is to be written
     */
    boolean commits(long offset) {
        committingOffset = offset;
        committingTimeMs = sentTimeMs;
        return offset > released;
    }

    /** This offset is committed; what was sent from it on comes again. */
    void confirmed(long offset) {
        if (offset == committingOffset) {
            recordTimeMs = Math.max(recordTimeMs, committingTimeMs);
        }
        sentTimeMs = recordTimeMs;
        released = Math.max(released, offset);
    }

    /** The offset before which everything is released. */
    long released() {
        return released;
    }

    /** Up to where it is read, by the timestamps of records; {@link #NEVER} where nothing is known. */
    long recordTimeMs() {
        return recordTimeMs;
    }
}
