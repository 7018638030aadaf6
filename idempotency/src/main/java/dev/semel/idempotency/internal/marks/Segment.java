package dev.semel.idempotency.internal.marks;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A part of a {@link MarkTable}: a hash table with open addressing and linear probing, in flat arrays. The two halves of a
 * fingerprint lie side by side, so that a lookup mostly touches a single cache line.
 *
 * <p>Thread-safe: each call holds the segment's lock, and none for longer than it takes to copy the segment.
 */
final class Segment {

    private static final int SMALLEST = 16;

    /** Probes get long beyond it: 16 on average where a fingerprint is not there. */
    private static final double FULLEST = 0.82;

    /** As little as lets growing still cost few copies: 4 writes a key, where doubling makes 2 and takes half as much memory again. */
    private static final double GROWTH = 1.3;

    /** Where a segment is made anew without its expired marks. */
    private static final double FILL = 0.74;

    private final long seed;
    private final boolean withPayloads;

    private int capacity;
    private int size;
    private long[] keys = {};
    private byte[] buckets = {};
    private long @Nullable [] payloads;

    /** @param seed odd, and of chance: who chooses ids cannot aim at a slot */
    Segment(long seed, boolean withPayloads) {
        this.seed = seed;
        this.withPayloads = withPayloads;
    }

    synchronized long find(long high, long low) {
        if (size == 0) {
            return MarkTable.ABSENT;
        }
        int slot = slot(high, low);
        if (keys[2 * slot + 1] == 0) {
            return MarkTable.ABSENT;
        }
        return payloads == null ? PayloadHash.UNKNOWN : payloads[slot];
    }

    synchronized void put(long high, long low, long payload, int bucket) {
        if (size >= (int) (capacity * FULLEST)) {
            rebuild(grown(), null);
        }
        int slot = slot(high, low);
        if (keys[2 * slot + 1] == 0) {
            size++;
        }
        set(slot, high, low, payload, (byte) bucket);
    }

    private int grown() {
        return (int) Math.max(capacity + (long) SMALLEST, (long) (capacity * GROWTH));
    }

    /** Drops what is in these buckets, and the memory that it took. */
    synchronized void sweep(BitSet dead) {
        int left = 0;
        for (byte bucket : buckets) {
            left += bucket == 0 || dead.get(bucket & 0xff) ? 0 : 1;
        }
        if (left < size) {
            rebuild(left == 0 ? 0 : Math.max(SMALLEST, (int) (left / FILL) + 1), dead);
        }
    }

    private void rebuild(int newCapacity, @Nullable BitSet without) {
        long[] oldKeys = keys;
        byte[] oldBuckets = buckets;
        long @Nullable [] oldPayloads = payloads;
        keys = new long[2 * newCapacity];
        buckets = new byte[newCapacity];
        payloads = withPayloads ? new long[newCapacity] : null;
        capacity = newCapacity;
        size = 0;
        for (int old = 0; old < oldBuckets.length; old++) {
            byte bucket = oldBuckets[old];
            if (bucket != 0 && (without == null || !without.get(bucket & 0xff))) {
                long high = oldKeys[2 * old];
                long low = oldKeys[2 * old + 1];
                set(slot(high, low), high, low, oldPayloads == null ? PayloadHash.UNKNOWN : oldPayloads[old], bucket);
                size++;
            }
        }
    }

    private void set(int slot, long high, long low, long payload, byte bucket) {
        keys[2 * slot] = high;
        keys[2 * slot + 1] = low;
        buckets[slot] = bucket;
        if (payloads != null) {
            payloads[slot] = payload;
        }
    }

    /** Where it is, or where it would be put. There is always a free slot, or this would not end. */
    private int slot(long high, long low) {
        // The upper 32 bits, scaled to the capacity, which need not be a power of two.
        int slot = (int) (((low * seed) >>> 32) * capacity >>> 32);
        while (keys[2 * slot + 1] != 0 && (keys[2 * slot + 1] != low || keys[2 * slot] != high)) {
            slot = slot + 1 == capacity ? 0 : slot + 1;
        }
        return slot;
    }

    synchronized int size() {
        return size;
    }

    /** What the arrays take. */
    synchronized long bytes() {
        return capacity * (long) (withPayloads ? 3 * Long.BYTES + 1 : 2 * Long.BYTES + 1);
    }
}
