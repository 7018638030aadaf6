package dev.semel.idempotency.internal.marks;

import dev.semel.idempotency.internal.Sha256;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an event's payload: 64 bits of its SHA-256.
 *
 * <p>They are compared only between two records of the same event, never among all that are remembered, so there is one pair of
 * them to collide and not n<sup>2</sup>: that a mismatch goes unnoticed has a chance of 2<sup>-64</sup> for each, and what it
 * would cost is a failure that is taken for a duplicate.
 */
public final class PayloadHash {

    /** That of a mark that was made without looking at payloads. Equal to any other. */
    public static final long UNKNOWN = 1;

    private PayloadHash() {}

    /** Neither 0 nor {@link #UNKNOWN}. A payload that is null is another than an empty one. */
    public static long of(byte @Nullable [] payload) {
        long hash = ByteBuffer.wrap(Sha256.of(payload)).getLong();
        return hash == MarkTable.ABSENT || hash == UNKNOWN ? hash + 2 : hash;
    }

    static boolean differ(long one, long another) {
        return one != another && one != UNKNOWN && another != UNKNOWN;
    }
}
