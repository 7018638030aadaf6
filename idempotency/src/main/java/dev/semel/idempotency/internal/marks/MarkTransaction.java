package dev.semel.idempotency.internal.marks;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one assignment of a partition has in the open transaction: complete claims, which become marks when it is committed.
 *
 * <pre>{@code
 *   sent ... sent -> close -> confirmed     committed: marks; aborted: claims, as before, that are sent again
 *     ^                           |
 *     +---------------------------+
 * }</pre>
 *
 * <p>For the poll thread only.
 */
public final class MarkTransaction {

    private final Claims claims;
    private final Marks marks;
    private final List<Claim> sent = new ArrayList<>();

    /** Those that an aborted transaction had, until they are sent again; by offset. */
    private final Map<Long, Claim> aborted = new HashMap<>();

    private @Nullable Closed closed;

    private record Closed(long offset, MarkTime time, long lastPack) {}

    public MarkTransaction(Claims claims, Marks marks) {
        this.claims = claims;
        this.marks = marks;
    }

    /** A record's fate is in the transaction. */
    public void sent(Settlement settlement) {
        sent(settlement.offset(), hasItsEffect(settlement) && settlement.token() instanceof Claim claim ? claim : null);
    }

    /**
     * A record is in the transaction.
     *
     * @param claim by which its event had its effect; null where it had none by this record, whose claim is then over
     */
    void sent(long offset, @Nullable Claim claim) {
        @Nullable Claim before = aborted.isEmpty() ? null : aborted.remove(offset);
        if (claim != null) {
            sent.add(claim);
            return;
        }
        claims.drop(offset);
        if (before != null) {
            // It was handled, and sent, and the broker has refused what it sent.
            claims.drop(before);
        }
    }

    /** What is discarded has the effect that it is to have: none, and its copies must not have another. */
    private static boolean hasItsEffect(Settlement settlement) {
        @Nullable Redelivery redelivery = settlement.redelivery();
        return settlement.fate() == Fate.HANDLED
                || settlement.fate() == Fate.SKIPPED && redelivery != null && redelivery.isDiscarded();
    }

    /** The claims that become marks with it. */
    public List<Claim> claims() {
        return sent;
    }

    /** When these marks are made. */
    public MarkTime time(long nowMillis) {
        long recordMillis = 0;
        for (Claim claim : sent) {
            recordMillis = Math.max(recordMillis, claim.recordMillis());
        }
        return marks.time().then(nowMillis, recordMillis);
    }

    /**
     * The transaction is about to be committed.
     *
     * @param offset the partition's, that it commits
     * @param time of its marks
     * @param lastPack the last pack that they are in, or {@link Marks#NO_PACK}
     */
    public void close(long offset, MarkTime time, long lastPack) {
        closed = new Closed(offset, time, lastPack);
    }

    /**
     * It has ended.
     *
     * @param committed what was read from the source and sent below this offset is committed, the rest is not
     * @param all whether all of it is committed, redeliveries included
     * @param nowMillis the wall clock
     * @return whether all of it is committed
     */
    public boolean confirmed(long committed, boolean all, long nowMillis) {
        @Nullable Closed ended = closed;
        boolean whole = ended != null && all;
        if (!sent.isEmpty()) {
            // Others may have moved the offset past some of it: whatever is below, nobody hands in again.
            mark(
                    committed,
                    whole,
                    whole && ended != null ? ended : new Closed(committed, time(nowMillis), Marks.NO_PACK));
        }
        claims.committedTo(committed);
        sent.clear();
        closed = null;
        return whole;
    }

    private void mark(long committed, boolean whole, Closed as) {
        Marks.@Nullable Adding adding = null;
        for (Claim claim : sent) {
            if (claim.isRedelivered() ? whole : claim.offset() < committed) {
                adding = adding == null ? marks.at(as.time(), as.lastPack()) : adding;
                adding.add(claim);
                claims.drop(claim);
            } else {
                aborted.put(claim.offset(), claim);
            }
        }
    }
}
