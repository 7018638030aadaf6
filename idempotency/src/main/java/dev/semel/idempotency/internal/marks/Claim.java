package dev.semel.idempotency.internal.marks;

/**
 * That a record wants to be the one by which its event has its effect. Open while it is handled; complete when its handler has
 * returned in time; then, once its transaction is committed, a mark.
 *
 * <p>Each attempt at a record has a claim of its own, so that an attempt which was given up and ends after all changes nothing of
 * the next one's.
 */
public final class Claim {

    private static final int FIRST_WAIT_MILLIS = 2;
    private static final int LONGEST_WAIT_MILLIS = 100;

    private final Fingerprint event;
    private final long payload;
    private final long offset;
    private final long recordMillis;
    private final boolean redelivered;
    /** For the attempt's thread only. */
    private boolean handled;

    private volatile boolean complete;

    /** Of others, for this one. Where several of them count at once, one of them may count for nothing. */
    private int nextWaitMillis = FIRST_WAIT_MILLIS;

    /** Of this one, for the other. */
    private int waitMillis;

    /**
     * An open claim.
     *
     * @param payload the hash of the record's payload, or {@link PayloadHash#UNKNOWN}
     * @param offset the record's, by which it is told from others of its event
     * @param recordMillis the record's timestamp
     * @param redelivered whether the record was released before, so that its offset does not tell whether the claim is over
     */
    public Claim(Fingerprint event, long payload, long offset, long recordMillis, boolean redelivered) {
        this.event = event;
        this.payload = payload;
        this.offset = offset;
        this.recordMillis = recordMillis;
        this.redelivered = redelivered;
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

    /** Another is to wait for this one: shortly at first, since most handlers are quick, then twice as long each time. */
    void isWaitedForBy(Claim other) {
        other.waitMillis = nextWaitMillis;
        nextWaitMillis = Math.min(LONGEST_WAIT_MILLIS, 2 * nextWaitMillis);
    }

    /** How long to wait until it is made again, where another was {@linkplain Ruling#BUSY busy}. */
    public int waitMillis() {
        return waitMillis;
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

    boolean isRedelivered() {
        return redelivered;
    }

    /** Whether it is over, whatever has become of it, where everything before this offset is committed. */
    boolean isVoid(long committed) {
        return !redelivered && offset < committed;
    }

    long recordMillis() {
        return recordMillis;
    }
}
