package dev.semel.windowing.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one window on the heap: a hash table with open addressing. Beside each reference to an entry there is a byte of its
 * hash, so that others than the one that is looked for are passed over without a look at them, which would find them in no cache.
 *
 * <p>Between 64 % and 80 % of the slots are taken, since it grows by a quarter. A key takes 40 bytes for its entry, and 6 to 8 here.
 */
final class HeapTable<K, A> {

    private static final int SMALLEST = 8;
    private static final int GOLDEN = 0x9E3779B9;

    final long end;
    private byte[] tags = new byte[SMALLEST];
    private @Nullable HeapEntry<K, A>[] slots = slots(SMALLEST);
    private int size;
    private @Nullable HeapEntry<K, A>[] sorted = slots(0);
    private int drained;

    HeapTable(long end) {
        this.end = end;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <K, A> @Nullable HeapEntry<K, A>[] slots(int capacity) {
        return (@Nullable HeapEntry<K, A>[]) new HeapEntry[capacity];
    }

    /** How many entries it has. */
    int size() {
        return size - drained;
    }

    /** How many bytes its arrays take. */
    long bytes() {
        return 5L * slots.length + 4L * sorted.length;
    }

    @Nullable HeapEntry<K, A> find(K key) {
        byte[] all = tags;
        int hash = spread(key.hashCode());
        byte wanted = tag(hash);
        int slot = slot(hash, all.length);
        for (byte tag = all[slot]; tag != 0; tag = all[slot]) {
            if (tag == wanted) {
                HeapEntry<K, A> entry = slots[slot];
                if (entry != null && entry.hash == hash && entry.key.equals(key)) {
                    return entry;
                }
            }
            if (++slot == all.length) {
                slot = 0;
            }
        }
        return null;
    }

    /** Takes up an entry whose key is not there. */
    void add(HeapEntry<K, A> entry) {
        if (5 * (size + 1L) > 4L * slots.length) {
            grow();
        }
        place(entry);
        size++;
    }

    private void grow() {
        @Nullable HeapEntry<K, A>[] old = slots;
        int capacity = Math.max(old.length + 2, old.length + old.length / 4);
        slots = slots(capacity);
        tags = new byte[capacity];
        for (HeapEntry<K, A> entry : old) {
            if (entry != null) {
                place(entry);
            }
        }
    }

    private void place(HeapEntry<K, A> entry) {
        int slot = slot(entry.hash, tags.length);
        while (tags[slot] != 0) {
            if (++slot == tags.length) {
                slot = 0;
            }
        }
        tags[slot] = tag(entry.hash);
        slots[slot] = entry;
    }

    /** So that hashes that differ in few bits, and in low ones, lie apart. */
    static int spread(int hash) {
        return hash * GOLDEN;
    }

    /** By the upper bits, with a multiplication instead of a division. */
    private static int slot(int hash, int capacity) {
        return (int) ((hash & 0xFFFF_FFFFL) * capacity >>> Integer.SIZE);
    }

    /** Of the lower bits; zero is for a slot that is free. */
    private static byte tag(int hash) {
        return (byte) (hash | 1);
    }

    /** @return whether nothing is left */
    boolean drain(int max, KeyBytes<K> order, EntrySink<K, A> sink) {
        sort(order);
        int until = (int) Math.min(sorted.length, (long) drained + max);
        while (drained < until) {
            HeapEntry<K, A> entry = sorted[drained];
            sorted[drained++] = null;
            if (entry != null) {
                sink.entry(entry.key, entry);
            }
        }
        return drained == sorted.length;
    }

    byte @Nullable [] scan(byte @Nullable [] after, int max, KeyBytes<K> order, EntrySink<K, A> sink) {
        sort(order);
        int next = after == null ? 0 : firstBeyond(after, order);
        byte @Nullable [] last = null;
        for (int until = (int) Math.min(sorted.length, (long) next + max); next < until; next++) {
            HeapEntry<K, A> entry = sorted[next];
            if (entry != null) {
                last = order.bytes(entry.key);
                sink.entry(entry.key, entry);
            }
        }
        return last;
    }

    /** Sorted once for all slices, unless keys have come in between. */
    private void sort(KeyBytes<K> order) {
        if (sorted.length == size) {
            return;
        }
        sorted = slots(size);
        int next = 0;
        for (HeapEntry<K, A> entry : slots) {
            if (entry != null) {
                sorted[next++] = entry;
            }
        }
        Arrays.sort(sorted, (one, other) -> order.compare(keyOf(one), keyOf(other)));
    }

    private int firstBeyond(byte[] after, KeyBytes<K> order) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (Arrays.compareUnsigned(order.bytes(keyOf(sorted[middle])), after) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private K keyOf(@Nullable HeapEntry<K, A> entry) {
        if (entry == null) {
            throw new IllegalStateException("the window that ends at " + end + " has been drained already");
        }
        return entry.key;
    }
}
