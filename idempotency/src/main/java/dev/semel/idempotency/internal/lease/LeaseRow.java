package dev.semel.idempotency.internal.lease;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a key. Its arrays are not to be changed.
 *
 * @param fence of who has taken it last
 * @param untilMs the end of the lease, of what is HELD; when it came to this state, of all else. By the table's clock
 * @param payloadHash null where it was taken without one
 * @param outcome of what is DONE, which may have none
 */
public record LeaseRow(
        long fence, State state, long untilMs, byte @Nullable [] payloadHash, byte @Nullable [] outcome) {

    public enum State {
        /** Somebody has it in hand, or has had it until the lease ended. */
        HELD,

        /** Nobody has it in hand, and it is not done. */
        FREE,

        /** It is done. */
        DONE
    }

    /** Taken, by somebody with this number. */
    public static LeaseRow held(long fence, long untilMs, byte @Nullable [] payloadHash) {
        return new LeaseRow(fence, State.HELD, untilMs, payloadHash, null);
    }

    /** The same lease, for longer or shorter. */
    public LeaseRow until(long untilMs) {
        return new LeaseRow(fence, state, untilMs, payloadHash, outcome);
    }

    /** Given back. */
    public LeaseRow freed(long nowMs) {
        return new LeaseRow(fence, State.FREE, nowMs, payloadHash, null);
    }

    /** Done. */
    public LeaseRow done(long nowMs, byte @Nullable [] outcome) {
        return new LeaseRow(fence, State.DONE, nowMs, payloadHash, outcome);
    }
}
