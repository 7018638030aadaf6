package dev.semel.windowing.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one window on the heap: a hash table with open addressing, of references to entries only.
 *
 * <p>Between a half and three quarters of the slots are taken, since it grows by half. With the entry that makes at most 48 bytes a key,
 * and as many as the accumulator takes.
 */
final class HeapTable<K, A> {

    private static final int SMALLEST = 8;
    private static final int GOLDEN = 0x9E3779B9;

    final long end;
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

    int capacity() {
        return slots.length + sorted.length;
    }

    @Nullable HeapEntry<K, A> find(K key) {
        @Nullable HeapEntry<K, A>[] all = slots;
        int slot = slotOf(key, all.length);
        for (HeapEntry<K, A> entry = all[slot]; entry != null; entry = all[slot]) {
            if (entry.key == key || entry.key.equals(key)) {
                return entry;
            }
            if (++slot == all.length) {
                slot = 0;
            }
        }
        return null;
    }

    /** Takes up an entry whose key is not there. */
    void add(HeapEntry<K, A> entry) {
        if (4 * (size + 1L) > 3L * slots.length) {
            grow();
        }
        place(entry);
        size++;
    }

    private void grow() {
        @Nullable HeapEntry<K, A>[] old = slots;
        slots = slots(old.length + old.length / 2);
        for (HeapEntry<K, A> entry : old) {
            if (entry != null) {
                place(entry);
            }
        }
    }

    private void place(HeapEntry<K, A> entry) {
        int slot = slotOf(entry.key, slots.length);
        while (slots[slot] != null) {
            if (++slot == slots.length) {
                slot = 0;
            }
        }
        slots[slot] = entry;
    }

    /** A multiplication instead of a division; the first spreads hashes that differ in few bits. */
    private static int slotOf(Object key, int capacity) {
        return (int) (((key.hashCode() * GOLDEN) & 0xFFFF_FFFFL) * capacity >>> Integer.SIZE);
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
