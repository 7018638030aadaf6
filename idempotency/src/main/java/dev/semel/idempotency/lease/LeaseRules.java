package dev.semel.idempotency.lease;

import dev.semel.idempotency.internal.lease.LeaseRow;
import dev.semel.idempotency.internal.lease.LeaseTable.Change;
import dev.semel.idempotency.internal.lease.LeaseTable.Changed;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what with a key, wherever its row is kept.
 *
 * <pre>
 *   nothing --acquire--&gt; HELD --complete--&gt; DONE
 *                        |  ^
 *                 release|  |acquire (also of a lease that has ended)
 *                        v  |
 *                        FREE
 * </pre>
 *
 * <p>A holder is told by its fence alone, not by the time: as long as nobody has taken over a lease that has ended, nobody else has begun,
 * and the holder's word is the best there is.
 */
final class LeaseRules {

    private LeaseRules() {}

    static Change<LeaseResult> acquire(String key, byte @Nullable [] payloadHash, Duration duration) {
        return (row, nowMs) -> {
            if (row == null) {
                return taken(key, nowMs, nowMs + duration.toMillis(), payloadHash);
            }
            byte[] known = row.payloadHash();
            if (known != null && payloadHash != null && !Arrays.equals(known, payloadHash)) {
                return unchanged(new LeaseResult.PayloadMismatch());
            }
            if (row.state() == LeaseRow.State.DONE) {
                return unchanged(new LeaseResult.Completed(row.outcome()));
            }
            if (row.state() == LeaseRow.State.HELD && nowMs < row.untilMs()) {
                return unchanged(new LeaseResult.InProgress(Duration.ofMillis(row.untilMs() - nowMs)));
            }
            return taken(
                    key,
                    // By the clock, so that it grows also where the row was forgotten in between.
                    Math.max(row.fence() + 1, nowMs),
                    nowMs + duration.toMillis(),
                    known == null ? payloadHash : known);
        };
    }

    private static Changed<LeaseResult> taken(String key, long fence, long untilMs, byte @Nullable [] payloadHash) {
        return new Changed<>(
                LeaseRow.held(fence, untilMs, payloadHash), new LeaseResult.Acquired(new LeaseToken(key, fence)));
    }

    private static Changed<LeaseResult> unchanged(LeaseResult result) {
        return new Changed<>(null, result);
    }

    /** What is done stays as it was done first: the answer to the first time may have been lost. */
    static Change<Boolean> complete(LeaseToken token, byte @Nullable [] outcome) {
        return held(token, (row, nowMs) -> switch (row.state()) {
            case HELD -> row.done(nowMs, outcome);
            case DONE -> null;
            case FREE -> throw new LeaseLostException(token, "it was released");
        });
    }

    /** What is done stays done: so a holder may release whatever happened. */
    static Change<Boolean> release(LeaseToken token) {
        return held(token, (row, nowMs) -> row.state() == LeaseRow.State.HELD ? row.freed(nowMs) : null);
    }

    static Change<Boolean> renew(LeaseToken token, Duration duration) {
        return held(token, (row, nowMs) -> switch (row.state()) {
            case HELD -> row.until(nowMs + duration.toMillis());
            case DONE -> throw new LeaseLostException(token, "it was completed");
            case FREE -> throw new LeaseLostException(token, "it was released");
        });
    }

    /** A change that only who has taken the row last may make. */
    private static Change<Boolean> held(LeaseToken token, BiFunction<LeaseRow, Long, @Nullable LeaseRow> change) {
        return (row, nowMs) -> {
            if (row == null) {
                throw new LeaseLostException(token, "nothing is known of the key, or no more");
            }
            if (row.fence() != token.fence()) {
                throw new LeaseLostException(token, "the lease was taken over, with fence " + row.fence());
            }
            return new Changed<>(change.apply(row, nowMs), true);
        };
    }
}
