package dev.semel.core.internal.observe;

import dev.semel.core.health.Wedge;
import dev.semel.core.health.WedgeKind;
import dev.semel.core.internal.poll.HeadState;
import dev.semel.core.internal.poll.PartitionView;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells a partition that is stuck from one that is idle or busy, and what holds it up.
 *
 * <h2>Reasoning</h2>
 *
 * <p>Lag cannot tell: a consumer that reads at {@code read_committed} is told the last stable offset as the end, so that it shows
 * no lag behind a transaction that never ends; and a large lag that shrinks is no trouble. What counts is that nothing was
 * committed for long while the high watermark says that there is more. Where along its way the first record stands then names the
 * cause:
 *
 * <pre>{@code
 *   committed <= head of what is in flight <= position <= last stable offset <= high watermark
 *        |  COMMIT       |        HANDLER     |    NOT_POLLED      |   HANGING_TRANSACTION  |
 * }</pre>
 *
 * <p>The first gap from the left is the one that matters: those to its right are waits behind it.
 */
final class WedgeRule {

    private final long wedgeNanos;

    /** @param wedgeAfter for how long nothing was committed before it is a wedge */
    WedgeRule(Duration wedgeAfter) {
        this.wedgeNanos = wedgeAfter.toNanos();
    }

    Optional<Wedge> judge(PartitionView seen, Ends ends, Progress progress, long nowNanos) {
        long lastingNanos = nowNanos - progress.sinceNanos();
        long committed = committed(seen, ends);
        if (committed != progress.committed() || lastingNanos < wedgeNanos || committed >= ends.high()) {
            return Optional.empty();
        }
        Duration lasting = Duration.ofNanos(lastingNanos);
        @Nullable HeadState head = seen.headState();
        if (head != null) {
            WedgeKind kind =
                    head == HeadState.COMPLETE || head == HeadState.HELD ? WedgeKind.COMMIT : WedgeKind.HANDLER;
            return wedge(
                    kind,
                    seen,
                    seen.headOffset(),
                    lasting,
                    "offset " + seen.headOffset() + ": " + head + ", since "
                            + seconds(nowNanos - seen.headSinceNanos()));
        }
        if (seen.position() > committed) {
            return wedge(
                    WedgeKind.COMMIT,
                    seen,
                    committed,
                    lasting,
                    "offset " + seen.position() + " is reached, and offset " + committed + " is committed");
        }
        if (committed < ends.stable()) {
            return wedge(
                    WedgeKind.NOT_POLLED,
                    seen,
                    committed,
                    lasting,
                    "offsets " + committed + " to " + ends.stable() + " may be read and are not polled"
                            + (seen.restoring() ? ": the partition is being restored" : ""));
        }
        return wedge(
                WedgeKind.HANGING_TRANSACTION,
                seen,
                ends.stable(),
                lasting,
                "a transaction that somebody has begun at offset " + ends.stable() + " is not ended; up to offset "
                        + ends.high() + " nothing can be read");
    }

    /** What was handed in again holds up no offset, so that it is judged by itself. */
    Optional<Wedge> judgeRedelivery(PartitionView seen, Progress progress, long nowNanos) {
        long lastingNanos = nowNanos - progress.sinceNanos();
        if (seen.redeliveryOffset() != progress.committed() || lastingNanos < wedgeNanos) {
            return Optional.empty();
        }
        return wedge(
                WedgeKind.HANDLER,
                seen,
                seen.redeliveryOffset(),
                Duration.ofNanos(lastingNanos),
                "what was kept of offset " + seen.redeliveryOffset()
                        + " was handed in again and has not come to an end since " + seconds(lastingNanos));
    }

    /** How far the group has come, as the processor or else the cluster knows. */
    static long committed(PartitionView seen, Ends ends) {
        return seen.committedOffset() >= 0 ? seen.committedOffset() : Math.max(0, ends.begin());
    }

    private static Optional<Wedge> wedge(
            WedgeKind kind, PartitionView seen, long offset, Duration lasting, String detail) {
        return Optional.of(new Wedge(kind, seen.partition(), offset, lasting, detail));
    }

    private static String seconds(long nanos) {
        return Duration.ofNanos(nanos).toSeconds() + " s";
    }
}
