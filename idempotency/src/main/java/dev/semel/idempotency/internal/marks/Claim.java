package dev.semel.idempotency.internal.marks;

/**
 * That a record wants to be the one by which its event has its effect. Open while it is handled; complete when its handler has
 * returned in time; then, once its transaction is committed, a mark.
 *
 * <p>Each attempt at a record has a claim of its own, so that an attempt which was given up and ends after all changes nothing of
 * the next one's.
 */
public final class Claim {

    private final Fingerprint event;
    private final long payload;
    private final long offset;
    private final long recordMillis;
    /** For the attempt's thread only. */
    private boolean handled;

    private volatile boolean complete;

    /**
     * An open claim.
     *
     * @param payload the hash of the record's payload, or {@link PayloadHash#UNKNOWN}
     * @param offset the record's, by which it is told from others of its event
     * @param recordMillis the record's timestamp
     */
    public Claim(Fingerprint event, long payload, long offset, long recordMillis) {
        this.event = event;
        this.payload = payload;
        this.offset = offset;
        this.recordMillis = recordMillis;
    }

    /** The record's handler has returned. */
    public void handled() {
        handled = true;
    }

    /** The attempt has come to its end in time; no effect where the record was not handled in it. */
    public void complete() {
        if (handled) {
            complete = true;
        }
    }

    public boolean isComplete() {
        return complete;
    }

    Fingerprint event() {
        return event;
    }

    long payload() {
        return payload;
    }

    public long offset() {
        return offset;
    }

    long recordMillis() {
        return recordMillis;
    }
}
