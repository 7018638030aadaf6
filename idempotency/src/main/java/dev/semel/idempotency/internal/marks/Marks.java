package dev.semel.idempotency.internal.marks;

import java.util.BitSet;

/**
 * The marks of a partition: the events that had their effect, for as long as that is remembered.
 *
 * <h2>Expiry</h2>
 *
 * <p>A mark expires when both clocks, the wall clock and the time of the records that were handled, have gone on by the retention
 * since it was made. By the wall clock alone, a consumer that was down for longer than the retention would have forgotten everything
 * when it meets the duplicates in its backlog; by the records' time alone, one record with a wrong timestamp would make it forget what
 * happened a minute ago. Where the records' times do not move on, nothing expires.
 *
 * <p>Expired marks are dropped a bucket at a time, and from a segment of the table at a time, so that nobody waits for long. Until
 * then they count.
 *
 * <p>Threading: looked up by any thread, changed by one at a time.
 */
public final class Marks {

    /** Of marks that are in no pack. */
    public static final long NO_PACK = -1;

    private final Buckets buckets;
    private final MarkTable table;
    private final long maxMarks;
    private MarkTime time = MarkTime.NONE;
    private long expiredPack = NO_PACK;
    private long unexpired;

    private final BitSet expired = new BitSet(MarkTable.BUCKETS + 1);
    private BitSet sweeping = new BitSet();
    private int swept;

    /**
     * @param retentionMillis for how long a mark counts, by both clocks
     * @param withPayloads whether to keep the hashes of payloads
     * @param maxMarks so many at most; the oldest are dropped for more
     */
    public Marks(long retentionMillis, boolean withPayloads, long maxMarks) {
        this.buckets = new Buckets(retentionMillis, maxMarks);
        this.table = new MarkTable(withPayloads);
        this.maxMarks = maxMarks;
    }

    /** What {@link MarkTable#find} says of an event. */
    long find(Fingerprint event) {
        return table.find(event);
    }

    /** Of the marks that were added last. */
    public MarkTime time() {
        return time;
    }

    /** How many there are, those included that have expired and were not dropped yet. */
    public long size() {
        return table.size();
    }

    /** How much memory they take, in bytes. */
    public long bytes() {
        return table.bytes();
    }

    /** Takes marks that were made at one time, until others are added or some expire. */
    public final class Adding implements PackFormat.MarkReader {

        private final Bucket bucket;

        private Adding(Bucket bucket) {
            this.bucket = bucket;
        }

        @Override
        public void add(long high, long low, long payload) {
            table.put(high, low, payload, bucket.id());
            bucket.counts(1);
            unexpired++;
        }

        void add(Claim claim) {
            add(claim.event().high(), claim.event().low(), claim.payload());
        }
    }

    /**
     * Adds marks.
     *
     * @param made when; taken for no earlier than those before
     * @param pack the last one that they are in, or {@link #NO_PACK}
     */
    public Adding at(MarkTime made, long pack) {
        time = new MarkTime(
                Math.max(time.wallMillis(), made.wallMillis()), Math.max(time.recordMillis(), made.recordMillis()));
        if (buckets.areAllInUse()) {
            // Of those that have expired, some may only have to be swept.
            sweepAll();
        }
        return new Adding(buckets.at(time, pack));
    }

    /**
     * Lets expire what has expired by now.
     *
     * @param nowMillis the wall clock
     * @return the last pack whose marks have all expired, as have those of all packs before it; {@link #NO_PACK} where there is none
     */
    public long expire(long nowMillis) {
        for (Bucket bucket : buckets.expired(time.then(nowMillis, time.recordMillis()))) {
            drop(bucket);
        }
        while (buckets.live() > 1 && unexpired > maxMarks) {
            drop(buckets.oldest());
        }
        return expiredPack;
    }

    private void drop(Bucket bucket) {
        expired.set(bucket.id());
        unexpired -= bucket.marks();
        expiredPack = Math.max(expiredPack, bucket.lastPack());
    }

    /** Takes what expired out of some segments of the table. */
    public void sweep(int segments) {
        for (int i = 0; i < segments && hasToSweep(); i++) {
            if (swept == 0 && sweeping.isEmpty()) {
                sweeping.or(expired);
                expired.clear();
            }
            table.sweep(swept, sweeping);
            swept++;
            if (swept == table.segments()) {
                buckets.free(sweeping);
                sweeping = new BitSet();
                swept = 0;
            }
        }
    }

    /** The same, all at once. */
    public void sweepAll() {
        while (hasToSweep()) {
            sweep(table.segments());
        }
    }

    private boolean hasToSweep() {
        return !sweeping.isEmpty() || !expired.isEmpty();
    }
}
