package dev.semel.idempotency.internal.marks;

import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A set of fingerprints, each in a bucket, without an object for any of them.
 *
 * <h2>Memory</h2>
 *
 * <p>A slot takes 17 bytes, 25 with payloads. Between 63 % and 82 % of the slots are taken as the table grows, which makes 21 to 27
 * bytes a key, 31 to 40 with payloads. It is divided into segments that grow one by one, so that what a growing one copies is beside
 * it only for a 128th of the keys: the peak is what the table takes anyway. What that is, is in {@link #bytes}.
 *
 * <p>Threading: looked up by any thread, changed by one at a time. A lookup waits only where its own segment is being changed.
 */
public final class MarkTable {

    /** What {@link #find} says of a fingerprint that is not in the table. */
    public static final long ABSENT = 0;

    /** Buckets are numbered from 1 to this. */
    public static final int BUCKETS = 255;

    private static final int SEGMENT_BITS = 7;

    private final Segment[] segments;

    /** @param withPayloads whether to keep the hashes of payloads, for 8 bytes a slot */
    public MarkTable(boolean withPayloads) {
        long seed = ThreadLocalRandom.current().nextLong() | 1;
        segments = Stream.generate(() -> new Segment(seed, withPayloads))
                .limit(1 << SEGMENT_BITS)
                .toArray(Segment[]::new);
    }

    /**
     * Looks for a fingerprint.
     *
     * @return {@link #ABSENT}; else the hash of its payload, or {@link PayloadHash#UNKNOWN}
     */
    public long find(Fingerprint fingerprint) {
        return segment(fingerprint.high()).find(fingerprint.high(), fingerprint.low());
    }

    /**
     * Puts a fingerprint into a bucket; out of another, if it was there already.
     *
     * @param high of a {@link Fingerprint}
     * @param low of the same; not 0
     * @param payload the hash of its payload, or {@link PayloadHash#UNKNOWN}
     * @param bucket from 1 to {@link #BUCKETS}
     */
    public void put(long high, long low, long payload, int bucket) {
        segment(high).put(high, low, payload, bucket);
    }

    /** The other bits of the first half decide about nothing else. */
    private Segment segment(long high) {
        return segments[(int) (high >>> (Long.SIZE - SEGMENT_BITS))];
    }

    /** How many segments there are to {@linkplain #sweep sweep}. */
    public int segments() {
        return segments.length;
    }

    /** Drops from one segment what is in these buckets. */
    public void sweep(int segment, BitSet dead) {
        segments[segment].sweep(dead);
    }

    /** How many fingerprints it has. */
    public long size() {
        return Stream.of(segments).mapToLong(Segment::size).sum();
    }

    /** How much memory its arrays take. */
    public long bytes() {
        return Stream.of(segments).mapToLong(Segment::bytes).sum();
    }
}
