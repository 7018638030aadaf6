package dev.semel.dlq.internal.copy;

import org.jspecify.annotations.Nullable;

/** Numbers for keys. Two keys with the same number keep an order that nobody asked for, and nothing else. */
final class Keys {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private Keys() {}

    /** FNV-1a of 64 bits; 0 for none. */
    static long hash(byte @Nullable [] key) {
        if (key == null) {
            return 0;
        }
        long hash = FNV_OFFSET;
        for (byte b : key) {
            hash = (hash ^ b & 0xff) * FNV_PRIME;
        }
        return hash == 0 ? 1 : hash;
    }

    /** A number for a key of an origin, spread over all bits. */
    static long sequence(int origin, long key) {
        long mixed = (key ^ origin + 1) * GOLDEN;
        mixed = (mixed ^ mixed >>> 32) * GOLDEN;
        return mixed ^ mixed >>> 29;
    }
}
