package dev.semel.idempotency.internal.marks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The claims of one assignment of a partition: of two records of one event that are in flight together, one is handled.
 *
 * <h2>Reasoning</h2>
 *
 * <p>A record holds its claim over all attempts, so that another of its event waits while it is tried again. It loses it where it
 * is given up, as a letter or skipped: then the next record of the event is handled, and the letter is a duplicate should it be
 * redriven. (The other way round, a letter that kept its claim would make duplicates of records that could have been handled.)
 *
 * <p>A duplicate of a complete claim is released without waiting for its commit. Where the claim's record comes first in the
 * partition, as it does unless there is no order, the duplicate is released in the same transaction or a later one. Where it comes
 * later, the duplicate may be committed and the claim lost, with its partition: then its record is read again, and handled. It cannot
 * be waited for, since it is itself not released before what comes before it. Whether the claim still stands is looked at when the
 * duplicate is released: by then it is known what became of a record before it, whose output the broker may have refused after its
 * handler had returned.
 *
 * <p>No claim outlives its record: one that is behind the committed offset is void, whatever has become of it. Only that of a
 * redelivery, which is behind it from the beginning, lasts until it is a mark or its record is given up again.
 *
 * <p>Thread-safe: claims are made, and given up, by lanes, and become marks on the poll thread. A claim is looked for before a mark,
 * and becomes a mark before it ceases to be a claim, so that there is no moment at which neither can be seen.
 */
public final class Claims {

    /** So many threads seldom want the same one. */
    private static final int STRIPES = 64;

    private final Marks marks;
    private final List<Stripe> stripes =
            Stream.generate(Stripe::new).limit(STRIPES).toList();

    /** Those whose attempt has ended and that are still open, by offset; few. */
    private final ConcurrentMap<Long, Claim> stalled = new ConcurrentHashMap<>();

    /** Of records that were duplicates of a claim and not of a mark, by offset: they are, as long as it stands. */
    private final ConcurrentMap<Long, Claim> duplicates = new ConcurrentHashMap<>();

    private volatile long committed = Long.MIN_VALUE;

    public Claims(Marks marks) {
        this.marks = marks;
    }

    /** Makes an open claim. It replaces an earlier one of its record. */
    public Ruling claim(Claim claim) {
        if (!stalled.isEmpty()) {
            stalled.remove(claim.offset());
        }
        if (!duplicates.isEmpty()) {
            duplicates.remove(claim.offset());
        }
        Stripe stripe = stripe(claim.event());
        synchronized (stripe) {
            @Nullable Claim other = stripe.held.putIfAbsent(claim.event(), claim);
            if (other == null) {
                return stripe.unlessMarked(claim);
            }
            if (other.offset() == claim.offset() || other.isVoid(committed)) {
                stripe.held.put(claim.event(), claim);
                return stripe.unlessMarked(claim);
            }
            if (other.isComplete()) {
                duplicates.put(claim.offset(), claim);
                return ofEffect(other.payload(), claim);
            }
            other.isWaitedForBy(claim);
            return Ruling.BUSY;
        }
    }

    /** Whether a record that was a duplicate would still be one: the claim that made it one may be lost by now. */
    public boolean isStillDuplicate(long offset) {
        @Nullable Claim claim = duplicates.isEmpty() ? null : duplicates.get(offset);
        if (claim == null) {
            return true;
        }
        Stripe stripe = stripe(claim.event());
        synchronized (stripe) {
            @Nullable Claim other = stripe.held.get(claim.event());
            long payload = other != null && other.isComplete() && !other.isVoid(committed)
                    ? other.payload()
                    : marks.find(claim.event());
            return payload != MarkTable.ABSENT && ofEffect(payload, claim) == Ruling.DUPLICATE;
        }
    }

    private static Ruling ofEffect(long payload, Claim claim) {
        return PayloadHash.differ(payload, claim.payload()) ? Ruling.OTHER_PAYLOAD : Ruling.DUPLICATE;
    }

    /** The attempt has ended without the record having been handled; it goes on holding its claim. */
    public void stalls(Claim claim) {
        Stripe stripe = stripe(claim.event());
        synchronized (stripe) {
            if (stripe.held.get(claim.event()) == claim) {
                stalled.put(claim.offset(), claim);
            }
        }
    }

    /** The record is given up, so that its event can be handled by another. */
    public void drop(long offset, Fingerprint event) {
        Stripe stripe = stripe(event);
        synchronized (stripe) {
            @Nullable Claim holder = stripe.held.get(event);
            if (holder != null && holder.offset() == offset) {
                stripe.held.remove(event);
            }
        }
        stalled.remove(offset);
    }

    /** The same, where it is not known which event it was of: no attempt at it is under way. */
    public void drop(long offset) {
        @Nullable Claim claim = stalled.isEmpty() ? null : stalled.remove(offset);
        if (claim != null) {
            drop(claim);
        }
    }

    /** It is over, or what it stood for is a mark now. */
    void drop(Claim claim) {
        Stripe stripe = stripe(claim.event());
        synchronized (stripe) {
            stripe.held.remove(claim.event(), claim);
        }
    }

    /** Claims before this offset are void. */
    void committedTo(long offset) {
        committed = offset;
        if (!duplicates.isEmpty()) {
            duplicates.keySet().removeIf(duplicate -> duplicate < offset);
        }
    }

    /** How many there are. */
    public int size() {
        int size = 0;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                size += stripe.held.size();
            }
        }
        return size;
    }

    private Stripe stripe(Fingerprint event) {
        return stripes.get((int) event.low() & (STRIPES - 1));
    }

    /** Some of the claims. To be used by one thread at a time. */
    private final class Stripe {

        private final Map<Fingerprint, Claim> held = new HashMap<>();

        private Ruling unlessMarked(Claim claim) {
            long payload = marks.find(claim.event());
            if (payload == MarkTable.ABSENT) {
                return Ruling.GRANTED;
            }
            held.remove(claim.event());
            return ofEffect(payload, claim);
        }
    }
}
