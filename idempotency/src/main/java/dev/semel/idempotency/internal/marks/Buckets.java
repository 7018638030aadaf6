package dev.semel.idempotency.internal.marks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * The buckets of a table, in the order of time. One is closed when it spans so much time that keeping its first marks until its last
 * expire would cost too much: a 32nd of the retention, by the clock that is ahead.
 *
 * <p>A table has 255 of them, of which a retention needs 33 where both clocks go on alike. They need not: a backlog of years is read
 * in an hour. When half of the buckets are in use, both clocks have to have moved before another is opened; when all are, the last
 * one stays open. Then marks are kept for longer, never shorter.
 *
 * <p>Not thread-safe.
 */
final class Buckets {

    private static final int PER_RETENTION = 32;
    private static final int MANY = MarkTable.BUCKETS / 2;

    private final long retentionMillis;
    private final long widthMillis;
    private final long marksPerBucket;
    private final Deque<Bucket> live = new ArrayDeque<>();
    private final BitSet used = new BitSet(MarkTable.BUCKETS + 1);

    /** @param maxMarks so many altogether, of which a bucket takes its share before another is opened */
    Buckets(long retentionMillis, long maxMarks) {
        this.retentionMillis = retentionMillis;
        this.widthMillis = Math.max(1, retentionMillis / PER_RETENTION);
        this.marksPerBucket = Math.max(1, maxMarks / PER_RETENTION);
    }

    /** Whether {@link #at} can open none, until some that are {@linkplain #expired expired} are freed. */
    boolean areAllInUse() {
        return used.cardinality() == MarkTable.BUCKETS;
    }

    /** The bucket for marks of this time, which is not before that of the last. */
    Bucket at(MarkTime time, long pack) {
        Bucket last = live.isEmpty() || isFull(live.getLast(), time) ? open(time) : live.getLast();
        last.reaches(time, pack);
        return last;
    }

    private boolean isFull(Bucket bucket, MarkTime time) {
        int inUse = used.cardinality();
        if (areAllInUse()) {
            return false;
        }
        boolean wall = time.wallMillis() - bucket.opened().wallMillis() >= widthMillis;
        boolean record = time.recordMillis() - bucket.opened().recordMillis() >= widthMillis;
        return bucket.marks() >= marksPerBucket || (inUse < MANY ? wall || record : wall && record);
    }

    private Bucket open(MarkTime time) {
        int id = used.nextClearBit(1);
        used.set(id);
        var bucket = new Bucket(id, time);
        live.addLast(bucket);
        return bucket;
    }

    /** Takes out those whose marks have expired. */
    List<Bucket> expired(MarkTime now) {
        var expired = new ArrayList<Bucket>();
        while (!live.isEmpty() && live.getFirst().last().isPast(now, retentionMillis)) {
            expired.add(live.removeFirst());
        }
        return expired;
    }

    /** Takes out the oldest, whether or not its marks have expired. There must be one. */
    Bucket oldest() {
        return live.removeFirst();
    }

    int live() {
        return live.size();
    }

    /** No mark of these is left: they can be opened again. */
    void free(BitSet ids) {
        used.andNot(ids);
    }
}
